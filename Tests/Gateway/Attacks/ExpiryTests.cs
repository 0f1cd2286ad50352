using System.Text.Json.Nodes;
using ChitChatz.Gateway.Identity;
using ChitChatz.Tests.Grains;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ChitChatz.Tests.Gateway.Attacks;

/// <summary>THREATS J13: a token whose time is over.</summary>
public sealed class ExpiryTests
{
    [Fact]
    public async Task J13_Token_WhenItsTimeIsOver_ActsNoMoreButProvesItsHolderOnRegister()
    {
        ShiftedTime time = new();
        await using StandaloneApp app = await StandaloneApp.StartAsync(
            builder => builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<TokenService>(services, time)));
        await using ChatClient eve = await ChatClient.RegisterAsync(app.WebSocket, "eve");
        string old = eve.Jwt!;
        Assert.Null(await eve.GetRoomAsync());

        time.Advance(TimeSpan.FromMinutes(61));
        await eve.SendAsync("get_room");
        await eve.ExpectErrorAsync("token_expired");
        await using (ChatClient thief = await ChatClient.ConnectAsync(app.WebSocket))
        {
            await thief.SendAsync(new JsonObject { ["event"] = "get_room", ["jwt"] = old });
            await thief.ExpectErrorAsync("token_expired");
        }

        await eve.SendAsync(new JsonObject { ["event"] = "register", ["name"] = "eve", ["jwt"] = old });
        await eve.ExpectAsync("register");
        Assert.Equal((string?)ChatClient.Decode(old)["sub"], (string?)eve.Claims()["sub"]);
        Assert.Null(await eve.GetRoomAsync());
    }
}
