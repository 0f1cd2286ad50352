using System.Diagnostics;
using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Sessions;

/// <summary>What registered connections hear of the list of rooms without asking.</summary>
public sealed class RoomListPushTests(SharedStandalone server)
{
    [Fact]
    public async Task Rooms_WhenOneIsMadeAndItsLastMemberLeaves_ArePushed()
    {
        (ChatClient witness, ChatClient ann, string room) = await WitnessAndMemberAsync();

        await ann.LeaveAsync();

        await witness.ExpectRoomsAsync(rooms => !rooms.Contains(room), "a list without the room that was left");
    }

    [Fact]
    public async Task Rooms_WhenTheLastMembersConnectionJustDies_ArePushed()
    {
        (ChatClient witness, ChatClient ann, string room) = await WitnessAndMemberAsync();

        await ann.CutAsync();

        await witness.ExpectRoomsAsync(rooms => !rooms.Contains(room), "a list without the room whose last member died");
    }

    [Fact]
    public async Task Rooms_WhenTheLastMemberIgnoresTheClose_ArePushedOnceItIsCut()
    {
        Uri url = await server.WebSocketAsync();
        string room = SharedStandalone.Unique("room");
        await using ChatClient witness = await ChatClient.RegisterAsync(url, SharedStandalone.Unique("witness"));
        await using RawWebSocket ann = await RawWebSocket.ConnectAsync(url);
        string jwt = await ann.EnterAsync(SharedStandalone.Unique("ann"), room);
        await witness.ExpectRoomsAsync(rooms => rooms.Contains(room), "a list with the new room");

        await ann.SendAsync(RawWebSocket.Text(new JsonObject { ["event"] = "error", ["data"] = new JsonArray("I give up"), ["jwt"] = jwt }));

        Assert.Equal(1000, await ann.ReadToCloseAsync());
        await witness.ExpectRoomsAsync(rooms => !rooms.Contains(room), "a list without the room whose last member stays silent");
        await ann.ReadToEndAsync();
    }

    [Fact]
    public async Task Rooms_WhenTheLastMemberGoesToAnotherRoom_ArePushed()
    {
        (ChatClient witness, ChatClient ann, string room) = await WitnessAndMemberAsync();
        string next = SharedStandalone.Unique("next");

        await ann.JoinAsync(next);

        await witness.ExpectRoomsAsync(rooms => !rooms.Contains(room) && rooms.Contains(next), "a list with the next room instead of the first");
    }

    [Fact]
    public async Task Rooms_WhenAMemberIsLeft_StayListed()
    {
        (ChatClient witness, ChatClient ann, string room) = await WitnessAndMemberAsync();
        await using ChatClient bob = await ChatClient.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("bob"));
        await bob.JoinAsync(room);

        await ann.LeaveAsync();

        Assert.Contains(room, await witness.GetRoomsAsync());
        Assert.Contains(room, await ann.GetRoomsAsync());
    }

    [Fact]
    public async Task Rooms_WhenManyAreMade_ArePushedAtMostOnceASecond()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync();
        await using ChatClient witness = await ChatClient.RegisterAsync(app.WebSocket, "witness");
        ChatClient[] makers = [.. await Task.WhenAll(Enumerable.Range(0, 20).Select(i => ChatClient.RegisterAsync(app.WebSocket, $"maker {i}")))];
        int pushes = 0;
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < makers.Length; i++)
        {
            await makers[i].JoinAsync($"room {i}");
        }

        await witness.ExpectRoomsAsync(rooms => ++pushes > 0 && rooms.Length == makers.Length, "a list with all rooms");

        // However late this process read them: so many seconds, so many pushes, and the first at once.
        int seconds = (int)Stopwatch.GetElapsedTime(started).TotalSeconds;
        Assert.InRange(pushes, 1, seconds + 1);
        foreach (ChatClient maker in makers)
        {
            await maker.DisposeAsync();
        }
    }

    private async Task<(ChatClient Witness, ChatClient Member, string Room)> WitnessAndMemberAsync()
    {
        Uri url = await server.WebSocketAsync();
        string room = SharedStandalone.Unique("room");
        ChatClient witness = await ChatClient.RegisterAsync(url, SharedStandalone.Unique("witness"));
        ChatClient member = await ChatClient.RegisterAsync(url, SharedStandalone.Unique("ann"));
        await member.JoinAsync(room);
        await witness.ExpectRoomsAsync(rooms => rooms.Contains(room), "a list with the new room");
        return (witness, member, room);
    }
}
