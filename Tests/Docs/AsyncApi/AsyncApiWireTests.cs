using System.Text.Json.Nodes;
using ChitChatz.Tests.Conversations;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Docs.AsyncApi;

/// <summary>Real conversations over real sockets, of both versions, each frame of both directions held to docs/asyncapi.yaml.</summary>
public sealed class AsyncApiWireTests
{
    /// <summary>Only a client that does not read gets one; the writer's own frame is held to the document, and Tests/Guarantees has the reader.</summary>
    private const string NotPlayed = "gap";

    [Fact]
    public async Task Frames_WhenConversationsArePlayed_AreAsDocumented()
    {
        WireRecord record = new();
        await using (StandaloneApp app = await StandaloneApp.StartAsync())
        {
            foreach (Conversation conversation in Conversation.All)
                await conversation.ReplayAsync(app.WebSocket, record);
        }

        await PlayVersion2Async(record);

        Assert.Empty(RecordFindings.Of(AsyncApiDocument.Current, record));
        Assert.Equal(
            AsyncApiDocument.Current.Server.Select(static message => message.Key).Where(static key => key != NotPlayed).Order(),
            record.Entries.Where(static entry => entry.FromServer).Select(static entry => AsyncApiDocument.Current.Fitting(entry.Frame, entry.Version).Single().Key).Distinct().Order());
        Assert.Equal(
            AsyncApiDocument.Current.Client.Select(static message => message.Event).Order(),
            record.Entries.Where(static entry => !entry.FromServer).Select(static entry => (string)entry.Frame["event"]!).Distinct().Where(static name => name != "nonsense").Order());
        Assert.NotEmpty(RecordFindings.Of(AsyncApiDocument.Current.With(static root => root["components"]!["schemas"]!["Seq"]!["type"] = "string"), record));
        Assert.NotEmpty(RecordFindings.Of(AsyncApiDocument.Current.With(static root => root["components"]!["schemas"]!["TokenClaims"]!["properties"]!.AsObject().Remove("jti")), record));
        Assert.NotEmpty(RecordFindings.Of(AsyncApiDocument.Current.With(static root => root["operations"]!["typing"]!["reply"]!["messages"]!.AsArray().RemoveAt(0)), record));
    }

    private static async Task PlayVersion2Async(WireRecord record)
    {
        ChatClient2 bob;
        Task<JsonObject> drained;
        await using (StandaloneApp app = await StandaloneApp.StartAsync())
        {
            bob = await ChatClient2.RegisterAsync(app.WebSocket, "bob", record: record);
            await bob.JoinAsync("lobby");
            await using ChatClient2 ann = await ChatClient2.RegisterAsync(app.WebSocket, "ann", record: record);
            await PlayAsync(ann, bob);

            await ann.AskAsync(new JsonObject { ["event"] = "error", ["data"] = new JsonArray("Good night") });
            await Deadline.Within(ann.Connection.Closed, "the server's close");
            drained = bob.ExpectAsync("drain");
        }

        await drained;
        await bob.DisposeAsync();
    }

    private static async Task PlayAsync(ChatClient2 ann, ChatClient2 bob)
    {
        await Refused(ann, "not_in_room", new JsonObject { ["event"] = "message", ["data"] = "too early" });
        JsonObject joined = await ann.JoinAsync("lobby");
        await bob.ExpectAsync("joined");
        JsonObject first = await ann.PostAsync("hello", "m1");
        Assert.Equal("ack", (string?)first["event"]);
        Assert.True((bool)(await ann.PostAsync("hello", "m1"))["data"]!["duplicate"]!);
        await Refused(ann, "id_conflict", new JsonObject { ["event"] = "message", ["data"] = "other", ["id"] = "m1" });
        await ann.Connection.SendRawAsync("""{"event":"message","data":{"text":"no id","room":"Lobby"}}""");
        await Refused(ann, "wrong_room", new JsonObject { ["event"] = "message", ["data"] = "hello", ["room"] = "kitchen" });
        await Refused(ann, "bad_request", new JsonObject { ["event"] = "get_history", ["limit"] = 0 });
        await Refused(ann, "bad_request", new JsonObject { ["event"] = "nonsense" });
        await Refused(ann, "bad_room", new JsonObject { ["event"] = "join_room", ["room"] = "\u0007" });
        await Refused(ann, "name_taken", new JsonObject { ["event"] = "register", ["v"] = 2, ["name"] = "bob" });
        await Refused(ann, "invalid_token", new JsonObject { ["event"] = "get_room", ["jwt"] = "no token" });
        await Refused(ann, "identity_mismatch", new JsonObject { ["event"] = "get_room", ["jwt"] = bob.Connection.Jwt });
        await ann.JoinAsync("lobby", ChatClient2.Position((long)joined["epoch"]!, 0));
        // Its answer is sorted to the room lists; what is asked next is answered after it.
        await ann.Connection.SendRawAsync("""{"event":"get_rooms","id":"rooms"}""");
        foreach (var request in new[] { "get_room", "get_members", "refresh", "get_history", "typing" })
            Assert.NotEqual("error", (string?)(await ann.AskAsync(new JsonObject { ["event"] = request }))["event"]);
        await ann.AskAsync(new JsonObject { ["event"] = "get_history", ["data"] = new JsonObject { ["after"] = 0, ["limit"] = 100 } });
        await ann.AskAsync(new JsonObject { ["event"] = "leave_room" });
        while ((string?)(await bob.NextAsync("'left', after ann's messages and typing"))["event"] != "left")
        {
        }
    }

    private static async Task Refused(ChatClient2 client, string code, JsonObject request) => Assert.Equal(code, (string?)(await client.AskAsync(request))["code"]);
}
