using System.Diagnostics;
using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Sessions;

/// <summary>Who holds a name, and when it is free again.</summary>
public sealed class NameHoldingTests(SharedStandalone server)
{
    /// <summary>Far below the 25 s for which a connection that nobody saw end holds its name.</summary>
    private static readonly TimeSpan s_atOnce = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Register_OfALiveName_IsRefusedToOthers()
    {
        Uri url = await server.WebSocketAsync();
        string name = SharedStandalone.Unique("ann");
        await using ChatClient ann = await ChatClient.RegisterAsync(url, name);

        await using ChatClient other = await ChatClient.ConnectAsync(url);
        await other.AskToRegisterAsync(name.ToUpperInvariant());
        await other.ExpectErrorAsync("name_taken");

        // The refusal left it where it was.
        await other.RegisterAsync(SharedStandalone.Unique("other"));
        Assert.Null(await ann.GetRoomAsync());
    }

    [Fact]
    public async Task Register_WithTheHoldersToken_LivesBesideTheFirst()
    {
        Uri url = await server.WebSocketAsync();
        string name = SharedStandalone.Unique("ann");
        await using ChatClient first = await ChatClient.RegisterAsync(url, name);
        await using ChatClient second = await ChatClient.RegisterAsync(url, name, first.Jwt);
        Assert.Equal((string?)first.Claims()["sub"], (string?)second.Claims()["sub"]);

        (string here, string there) = (SharedStandalone.Unique("here"), SharedStandalone.Unique("there"));
        await first.JoinAsync(here);
        await second.JoinAsync(there);

        Assert.Equal(here, await first.GetRoomAsync());
        Assert.Equal(there, await second.GetRoomAsync());

        // And the name is held until the last of them has gone.
        await first.CloseAsync();
        await using ChatClient other = await ChatClient.ConnectAsync(url);
        await other.AskToRegisterAsync(name);
        await other.ExpectErrorAsync("name_taken");
    }

    [Fact]
    public async Task Name_AfterAClose_IsFreeAtOnce()
    {
        Uri url = await server.WebSocketAsync();
        string name = SharedStandalone.Unique("ann");
        await using ChatClient ann = await ChatClient.RegisterAsync(url, name);
        await ann.CloseAsync();

        await using ChatClient next = await ChatClient.RegisterAsync(url, name);

        Assert.NotEqual((string?)ann.Claims()["sub"], (string?)next.Claims()["sub"]);
    }

    [Fact]
    public async Task Name_AfterAClientsError_IsFreeAtOnce()
    {
        Uri url = await server.WebSocketAsync();
        string name = SharedStandalone.Unique("ann");
        await using ChatClient ann = await ChatClient.RegisterAsync(url, name);
        await ann.SendAsync(new JsonObject { ["event"] = "error", ["data"] = new JsonArray("I give up") });
        await ann.ExpectAsync("error");
        Assert.Equal(1000, (await Deadline.Within(ann.Closed, "the close")).Status);

        await RegisterSoonAsync(url, name);
    }

    [Fact]
    public async Task Name_AfterACut_IsFreeAtOnce()
    {
        Uri url = await server.WebSocketAsync();
        string name = SharedStandalone.Unique("ann");
        await using ChatClient ann = await ChatClient.RegisterAsync(url, name);
        await ann.CutAsync();

        await RegisterSoonAsync(url, name);
    }

    /// <summary>The cut may have taken the answer, and with it the token: who registers again under its own name then is not kept from it for 30 s.</summary>
    [Fact]
    public async Task Name_AfterACutRightAfterTheRegister_IsFreeAtOnce()
    {
        Uri url = await server.WebSocketAsync();
        string name = SharedStandalone.Unique("ann");
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(url, name);
        await ann.Connection.CutAsync();

        await RegisterSoonAsync(url, name);
    }

    [Fact]
    public async Task Register_AgainUnderAnotherName_LeavesTheRoomAndFreesTheFirstName()
    {
        Uri url = await server.WebSocketAsync();
        (string name, string next) = (SharedStandalone.Unique("ann"), SharedStandalone.Unique("next"));
        await using ChatClient ann = await ChatClient.RegisterAsync(url, name);
        await using ChatClient bob = await ChatClient.RegisterAsync(url, SharedStandalone.Unique("bob"));
        string room = SharedStandalone.Unique("room");
        await ann.JoinAsync(room);
        await bob.JoinAsync(room);

        await ann.RegisterAsync(next);

        Assert.Equal((next, null), ((string?)ann.Claims()["name"], (string?)ann.Claims()["room"]));
        await using ChatClient heir = await ChatClient.RegisterAsync(url, name);
        await bob.PostAsync("without her");
        await bob.ExpectMessageAsync();
        Assert.Null(await ann.GetRoomAsync());
        Assert.False(ann.HasUnread);
    }

    [Fact]
    public async Task Register_AgainUnderTheSameName_LeavesTheRoomAndKeepsTheHolder()
    {
        Uri url = await server.WebSocketAsync();
        string name = SharedStandalone.Unique("ann");
        await using ChatClient ann = await ChatClient.RegisterAsync(url, name);
        string? sub = (string?)ann.Claims()["sub"];
        await ann.JoinAsync(SharedStandalone.Unique("room"));

        await ann.RegisterAsync(name);

        Assert.Equal((sub, null), ((string?)ann.Claims()["sub"], (string?)ann.Claims()["room"]));
        await ann.PostAsync("where am I?");
        await ann.ExpectErrorAsync("not_in_room");
        await using ChatClient other = await ChatClient.ConnectAsync(url);
        await other.AskToRegisterAsync(name);
        await other.ExpectErrorAsync("name_taken");
    }

    [Fact]
    public async Task Register_AgainOfATakenName_ChangesNothing()
    {
        Uri url = await server.WebSocketAsync();
        (string name, string taken) = (SharedStandalone.Unique("ann"), SharedStandalone.Unique("bob"));
        await using ChatClient ann = await ChatClient.RegisterAsync(url, name);
        await using ChatClient bob = await ChatClient.RegisterAsync(url, taken);
        string room = SharedStandalone.Unique("room");
        await ann.JoinAsync(room);

        await ann.AskToRegisterAsync(taken);

        await ann.ExpectErrorAsync("name_taken");
        Assert.Equal(room, await ann.GetRoomAsync());
        await ann.PostAsync("still here");
        Assert.Equal((name, "still here"), await ann.ExpectMessageAsync());
    }

    /// <summary>No frame tells others that a connection's end was seen, so this asks until it was.</summary>
    private static async Task RegisterSoonAsync(Uri url, string name)
    {
        await using ChatClient next = await ChatClient.ConnectAsync(url);
        long started = Stopwatch.GetTimestamp();
        JsonObject answer;
        do
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < s_atOnce, $"The name is not free after {s_atOnce}");
            await next.AskToRegisterAsync(name);
            answer = await next.NextAsync("the answer to a register");
        }
        while ((string?)answer["code"] == "name_taken");

        Assert.Equal("register", (string?)answer["event"]);
    }
}
