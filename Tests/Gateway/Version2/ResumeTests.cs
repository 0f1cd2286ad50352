using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Version2;

/// <summary>Coming back: where the room is, what was missed, and nothing twice.</summary>
public sealed class ResumeTests(SharedStandalone server)
{
    [Fact]
    public async Task Join_AfterAMessage_BringsWhatWasMissedThenWhatComes()
    {
        string room = SharedStandalone.Unique("room");
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("ann"));
        long epoch = (long)(await ann.JoinAsync(room))["epoch"]!;
        string name = SharedStandalone.Unique("bob");
        ChatClient2 bob = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), name);
        await bob.JoinAsync(room);
        await ann.PostAsync("1");
        await bob.ExpectAsync("message");
        string jwt = bob.Connection.Jwt!;
        await bob.Connection.CutAsync();
        await ann.PostAsync("2");
        await ann.PostAsync("3");

        // One frame does it all: who, which version, where, and from where on.
        await using ChatClient2 back = new(await ChatClient.ConnectAsync(await server.WebSocketAsync()));
        JsonObject answer = await back.AskAsync(new JsonObject
        {
            ["event"] = "join_room",
            ["v"] = 2,
            ["jwt"] = jwt,
            ["room"] = room,
            ["after"] = ChatClient2.Position(epoch, 1),
        });
        JsonNode data = answer["data"]!;
        Assert.Equal((room, epoch, 3, true), ((string)data["room"]!, (long)data["epoch"]!, (long)data["head"]!, (bool)data["recovered"]!));
        await ann.PostAsync("4");
        foreach (int seq in new[] { 2, 3, 4 })
        {
            JsonObject message = await back.ExpectAsync("message");
            Assert.Equal((seq, $"{seq}"), ((int)message["seq"]!, (string)message["content"]!));
        }
    }

    [Fact]
    public async Task Join_FromTooFarBack_SaysSoAndWhereTheRoomIs()
    {
        string room = SharedStandalone.Unique("room");
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("ann"));
        long epoch = (long)(await ann.JoinAsync(room))["epoch"]!;
        for (int i = 1; i <= 302; i++)
        {
            await ann.Connection.SendRawAsync($$"""{"event":"message","id":"b{{i}}","data":"{{i}}"}""");
        }

        await ann.AnswerAsync("b302");
        await using ChatClient2 bob = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("bob"));
        JsonObject far = await bob.JoinAsync(room, ChatClient2.Position(epoch, 1));
        Assert.Equal((302, false), ((int)far["head"]!, (bool)far["recovered"]!));

        // Once more from the same place, in the room already: 300 back is near enough.
        JsonObject near = await bob.JoinAsync(room, ChatClient2.Position(epoch, 2));
        Assert.Equal((302, true), ((int)near["head"]!, (bool)near["recovered"]!));
        for (int seq = 3; seq <= 302; seq++)
        {
            Assert.Equal(seq, (int)(await bob.ExpectAsync("message"))["seq"]!);
        }
    }

    [Fact]
    public async Task Name_OfALostSession_IsKeptForItsHolder()
    {
        string name = SharedStandalone.Unique("ann");
        ChatClient2 ann = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), name);
        string jwt = ann.Connection.Jwt!;
        await ann.JoinAsync(SharedStandalone.Unique("room"));
        await ann.Connection.CutAsync();
        await using ChatClient stranger = await ChatClient.ConnectAsync(await server.WebSocketAsync());
        await stranger.AskToRegisterAsync(name);
        await stranger.ExpectErrorAsync("name_taken");
        await using ChatClient2 back = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), name, jwt);
        Assert.Equal(ChatClient.Decode(jwt)["sub"]!.ToString(), back.Connection.Claims()["sub"]!.ToString());
    }

    [Fact]
    public async Task Name_OfASessionThatSaidGoodbye_IsFree()
    {
        string name = SharedStandalone.Unique("ann");
        ChatClient2 ann = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), name);
        await ann.Connection.CloseAsync();
        await using ChatClient stranger = await ChatClient.RegisterAsync(await server.WebSocketAsync(), name);
    }

    [Fact]
    public async Task Refresh_BringsAFreshTokenAndChangesNothing()
    {
        string room = SharedStandalone.Unique("room");
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("ann"));
        await ann.JoinAsync(room);
        string before = ann.Connection.Jwt!;
        JsonObject answer = await ann.AskAsync(new JsonObject { ["event"] = "refresh" });
        Assert.Equal("register", (string?)answer["event"]);
        Assert.NotEqual(before, ann.Connection.Jwt);
        Assert.Equal(room, (string?)ann.Connection.Claims()["room"]);
        Assert.Equal(room, (string?)(await ann.AskAsync(new JsonObject { ["event"] = "get_room" }))["data"]);
    }

    [Fact]
    public async Task Version2_BesideVersion1_InOneRoom_EachSeesItsOwnFrames()
    {
        string room = SharedStandalone.Unique("room");
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("ann"));
        await ann.JoinAsync(room);
        await using ChatClient bob = await ChatClient.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("bob"));
        await bob.JoinAsync(room);
        await ann.ExpectAsync("joined");
        await ann.PostAsync("from two");
        JsonObject frame = await bob.ExpectAsync("message");
        Assert.Equal(["from", "content"], frame["data"]!.AsObject().Select(static member => member.Key));
        Assert.Equal(["event", "data"], frame.Select(static member => member.Key));
        await bob.PostAsync("from one");
        await ann.ExpectAsync("message");
        Assert.Equal("from one", (string?)(await ann.ExpectAsync("message"))["content"]);
        await bob.SendRawAsync($$"""{"event":"get_history","v":2,"jwt":"{{bob.Jwt}}"}""");
        await bob.ExpectMessageAsync();
        await bob.ExpectErrorAsync("bad_request");
    }
}
