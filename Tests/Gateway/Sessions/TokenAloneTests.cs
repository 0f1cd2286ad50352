using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Sessions;

/// <summary>A new connection that brings a token and no register, as existing clients do after they were disconnected.</summary>
public sealed class TokenAloneTests(SharedStandalone server)
{
    [Fact]
    public async Task Token_OnANewConnection_AuthenticatesByItself()
    {
        Uri url = await server.WebSocketAsync();
        string name = SharedStandalone.Unique("ann");
        await using ChatClient first = await ChatClient.RegisterAsync(url, name);
        await first.CloseAsync();

        await using ChatClient ann = await ChatClient.WithTokenAsync(url, first.Jwt!);
        await ann.GetRoomsAsync();

        Assert.Null(await ann.GetRoomAsync());
        string room = SharedStandalone.Unique("room");
        await ann.JoinAsync(room);
        await ann.PostAsync("back");
        Assert.Equal((name, "back"), await ann.ExpectMessageAsync());
        await using ChatClient other = await ChatClient.ConnectAsync(url);
        await other.AskToRegisterAsync(name);
        await other.ExpectErrorAsync("name_taken");
    }

    [Fact]
    public async Task Token_AfterACut_IsInItsRoomAgainAndMayPostAtOnce()
    {
        Uri url = await server.WebSocketAsync();
        (string name, string room) = (SharedStandalone.Unique("ann"), SharedStandalone.Unique("room"));
        string jwt = await LoseAsync(url, name, room);

        await using ChatClient ann = await ChatClient.WithTokenAsync(url, jwt);
        await ann.PostAsync("back");

        Assert.Equal((name, "back"), await ann.ExpectMessageAsync());
        Assert.Equal(room, await ann.GetRoomAsync());
    }

    [Fact]
    public async Task Token_AfterACut_IsInItsRoomAgainForItsOthers()
    {
        Uri url = await server.WebSocketAsync();
        (string name, string room) = (SharedStandalone.Unique("ann"), SharedStandalone.Unique("room"));
        string jwt = await LoseAsync(url, name, room);
        await using ChatClient bob = await ChatClient.RegisterAsync(url, SharedStandalone.Unique("bob"));
        await bob.JoinAsync(room);

        await using ChatClient ann = await ChatClient.WithTokenAsync(url, jwt);
        Assert.Equal(room, await ann.GetRoomAsync());

        await bob.PostAsync("welcome back");
        Assert.Equal("welcome back", (await ann.ExpectMessageAsync()).Content);
    }

    [Fact]
    public async Task Token_AfterALeave_IsInNoRoomAndIsToldSo()
    {
        Uri url = await server.WebSocketAsync();
        await using ChatClient first = await ChatClient.RegisterAsync(url, SharedStandalone.Unique("ann"));
        await first.JoinAsync(SharedStandalone.Unique("room"));
        string inRoom = first.Jwt!;
        await first.LeaveAsync();
        await first.CutAsync();

        await using ChatClient ann = await ChatClient.WithTokenAsync(url, inRoom);

        Assert.Null(await ann.GetRoomAsync());
        Assert.NotEqual(inRoom, ann.Jwt);
        Assert.Null((string?)ann.Claims()["room"]);
        await ann.PostAsync("ghost");
        await ann.ExpectErrorAsync("not_in_room");
    }

    [Fact]
    public async Task Token_WhileItsSessionLives_IsInNoRoomAndIsToldSoByTheFirstAnswer()
    {
        Uri url = await server.WebSocketAsync();
        string room = SharedStandalone.Unique("room");
        await using ChatClient first = await ChatClient.RegisterAsync(url, SharedStandalone.Unique("ann"));
        await first.JoinAsync(room);

        await using ChatClient second = await ChatClient.WithTokenAsync(url, first.Jwt!);
        await second.GetRoomsAsync();

        Assert.Null((string?)second.Claims()["room"]);
        Assert.Null(await second.GetRoomAsync());
        Assert.Equal(room, await first.GetRoomAsync());
    }

    /// <summary>Enters a room, is cut, and waits until that was seen: its last member's end takes the room from the list.</summary>
    private static async Task<string> LoseAsync(Uri url, string name, string room)
    {
        await using ChatClient witness = await ChatClient.RegisterAsync(url, SharedStandalone.Unique("witness"));
        await using ChatClient lost = await ChatClient.RegisterAsync(url, name);
        await lost.JoinAsync(room);
        await witness.ExpectRoomsAsync(rooms => rooms.Contains(room), "a list with the room");
        await lost.CutAsync();
        await witness.ExpectRoomsAsync(rooms => !rooms.Contains(room), "a list without the room whose last member was cut");
        return lost.Jwt!;
    }
}
