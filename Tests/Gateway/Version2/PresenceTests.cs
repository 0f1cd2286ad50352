using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Version2;

/// <summary>Who is there, who comes and goes, and who types.</summary>
public sealed class PresenceTests(SharedStandalone server)
{
    [Fact]
    public async Task Members_WhoComeAndGo_AreToldToTheOthersOnce()
    {
        string room = SharedStandalone.Unique("room");
        (string annName, string bobName) = (SharedStandalone.Unique("ann"), SharedStandalone.Unique("bob"));
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), annName);
        await ann.JoinAsync(room);
        ChatClient2 bob = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), bobName);
        await bob.JoinAsync(room);
        JsonObject joined = await ann.ExpectAsync("joined");
        Assert.Equal((room, bobName, 2), ((string)joined["room"]!, (string)joined["name"]!, (int)joined["count"]!));

        // A second connection of the same person says nothing, and neither does its end.
        await using ChatClient2 second = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), bobName, bob.Connection.Jwt);
        await second.JoinAsync(room);
        await AssertMembersAsync(ann, room, annName, bobName);
        await bob.AskAsync(new JsonObject { ["event"] = "leave_room" });
        await AssertMembersAsync(ann, room, annName, bobName);
        await second.Connection.CutAsync();
        JsonObject left = await ann.ExpectAsync("left");
        Assert.Equal((room, bobName, 1), ((string)left["room"]!, (string)left["name"]!, (int)left["count"]!));
        await AssertMembersAsync(ann, room, annName);
        await bob.DisposeAsync();
    }

    [Fact]
    public async Task Members_OfVersion1_AreToldOfAndToldNothing()
    {
        string room = SharedStandalone.Unique("room");
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("ann"));
        await ann.JoinAsync(room);
        string name = SharedStandalone.Unique("old");
        await using ChatClient old = await ChatClient.RegisterAsync(await server.WebSocketAsync(), name);
        await old.JoinAsync(room);
        Assert.Equal(name, (string?)(await ann.ExpectAsync("joined"))["name"]);
        await ann.AskAsync(new JsonObject { ["event"] = "typing" });
        await ann.PostAsync("hello");
        Assert.Equal("hello", (await old.ExpectMessageAsync()).Content);
        await old.CloseAsync();
        await ann.ExpectAsync("message");
        Assert.Equal(name, (string?)(await ann.ExpectAsync("left"))["name"]);
    }

    [Fact]
    public async Task Typing_IsShownToTheOthersAndNotTooOften()
    {
        string room = SharedStandalone.Unique("room");
        string name = SharedStandalone.Unique("ann");
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), name);
        await using ChatClient2 bob = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("bob"));
        await ann.JoinAsync(room);
        await bob.JoinAsync(room);
        await ann.ExpectAsync("joined");
        JsonObject ack = await ann.AskAsync(new JsonObject { ["event"] = "typing" });
        Assert.Equal(("ack", room), ((string)ack["event"]!, (string)ack["data"]!["room"]!));
        await ann.AskAsync(new JsonObject { ["event"] = "typing" });
        JsonObject typing = await bob.ExpectAsync("typing");
        Assert.Equal((room, name), ((string)typing["room"]!, (string)typing["name"]!));
        await ann.PostAsync("done");
        await bob.ExpectAsync("message");
        await ann.ExpectAsync("message");
        Assert.Equal("not_in_room", await CodeAsync(server, "typing"));
        Assert.Equal("not_in_room", await CodeAsync(server, "get_members"));
        Assert.Equal("wrong_room", (string?)(await ann.AskAsync(new JsonObject { ["event"] = "typing", ["room"] = "elsewhere" }))["code"]);
    }

    private static async Task<string?> CodeAsync(SharedStandalone server, string request)
    {
        await using ChatClient2 client = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("carl"));
        return (string?)(await client.AskAsync(new JsonObject { ["event"] = request }))["code"];
    }

    private static async Task AssertMembersAsync(ChatClient2 client, string room, params string[] names)
    {
        JsonObject answer = await client.AskAsync(new JsonObject { ["event"] = "get_members" });
        Assert.True((string?)answer["event"] == "members", answer.ToJsonString());
        JsonNode data = answer["data"]!;
        Assert.Equal((room, names.Length), ((string)data["room"]!, (int)data["count"]!));
        Assert.Equal(names.Order(StringComparer.Ordinal), data["members"]!.AsArray().Select(static name => (string)name!).Order(StringComparer.Ordinal));
    }
}
