using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ChitChatz.Tests.Gateway.Sessions;

/// <summary>Existing clients never ask for a token: a fresh one comes with what they are sent anyway, once half of a life is gone.</summary>
public sealed class TokenRefreshTests
{
    private static readonly TimeSpan s_life = TimeSpan.FromHours(1);

    [Fact]
    public async Task Echo_AfterHalfOfTheLife_BringsAFreshTokenToTheSenderAlone()
    {
        WallClock clock = new();
        await using StandaloneApp app = await StartAsync(clock);
        await using ChatClient ann = await ChatClient.RegisterAsync(app.WebSocket, "ann");
        await using ChatClient bob = await ChatClient.RegisterAsync(app.WebSocket, "bob");
        await ann.JoinAsync("room");
        await bob.JoinAsync("room");
        (string first, string bobs) = (ann.Jwt!, bob.Jwt!);
        await ann.PostAsync("early");
        Assert.False((await ann.ExpectAsync("message")).ContainsKey("jwt"));
        Assert.False((await bob.ExpectAsync("message")).ContainsKey("jwt"));

        clock.Advance((s_life / 2) + TimeSpan.FromSeconds(1));

        // The gateway looks at its connections once a second: from the next look on.
        JsonObject echo;
        do
        {
            await ann.PostAsync("late");
            echo = await ann.ExpectAsync("message");
            Assert.False((await bob.ExpectAsync("message")).ContainsKey("jwt"), "Others share one frame, without a token");
            Assert.True(clock.Unshifted < TimeSpan.FromSeconds(30), "No echo brought a fresh token");
        }
        while (!echo.ContainsKey("jwt"));

        Assert.NotEqual(first, ann.Jwt);
        Assert.Equal(bobs, bob.Jwt);
        Assert.Equal("room", (string?)ann.Claims()["room"]);
        Assert.Equal((string?)ChatClient.Decode(first)["sub"], (string?)ann.Claims()["sub"]);
        Assert.InRange((long)ann.Claims()["exp"]!, clock.GetUtcNow().AddMinutes(59).ToUnixTimeSeconds(), clock.GetUtcNow().AddMinutes(61).ToUnixTimeSeconds());
        await ann.PostAsync("once is enough");
        Assert.False((await ann.ExpectAsync("message")).ContainsKey("jwt"));
    }

    [Fact]
    public async Task Silence_AfterHalfOfTheLife_IsBrokenByAListOfRoomsWithAFreshToken()
    {
        WallClock clock = new();
        await using StandaloneApp app = await StartAsync(clock);
        await using ChatClient ann = await ChatClient.RegisterAsync(app.WebSocket, "ann");
        await ann.JoinAsync("room");
        string first = ann.Jwt!;
        await ann.ExpectRoomsAsync(static rooms => rooms.Length == 1, "the push of the room");

        clock.Advance((s_life / 2) + TimeSpan.FromMinutes(2));

        Assert.Equal(["room"], await ann.ExpectRoomsAsync(static _ => true, "a list of rooms with a fresh token"));
        Assert.NotEqual(first, ann.Jwt);
        Assert.Equal("room", (string?)ann.Claims()["room"]);
        clock.Advance((s_life / 2) - TimeSpan.FromMinutes(1));
        await ann.PostAsync("the first token would be over by now");
        await ann.ExpectMessageAsync();
    }

    [Fact]
    public async Task Token_AfterItsLife_IsRefusedButProvesItsHolderOnRegister()
    {
        WallClock clock = new();
        await using StandaloneApp app = await StartAsync(clock);
        await using ChatClient first = await ChatClient.RegisterAsync(app.WebSocket, "ann");
        await first.CloseAsync();

        clock.Advance(s_life + TimeSpan.FromMinutes(10));

        await using ChatClient ann = await ChatClient.WithTokenAsync(app.WebSocket, first.Jwt!);
        await ann.SendAsync("get_room");
        await ann.ExpectErrorAsync("token_expired");
        await ann.RegisterAsync("ann", first.Jwt);
        Assert.Equal((string?)first.Claims()["sub"], (string?)ann.Claims()["sub"]);
    }

    private static Task<StandaloneApp> StartAsync(WallClock clock)
        => StandaloneApp.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock));

    /// <summary>The time of day, which the test moves; whatever is measured or waited for goes on in real time.</summary>
    private sealed class WallClock : TimeProvider
    {
        private readonly long _started = System.GetTimestamp();
        private long _shift;

        /// <summary>How long the test has run.</summary>
        public TimeSpan Unshifted => GetElapsedTime(_started);

        public void Advance(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _shift));
    }
}
