using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Version2;

/// <summary>Sending as version 2: one answer per id, after it is durable; a repeat stores nothing.</summary>
public sealed class SendTests(SharedStandalone server)
{
    [Fact]
    public async Task Message_WithAnId_IsAckedAndPushedWithItsPlace()
    {
        string room = SharedStandalone.Unique("room");
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("ann"));
        JsonObject joined = await ann.JoinAsync(room);
        JsonObject ack = await ann.PostAsync("hello", "m1");
        JsonObject echo = await ann.ExpectAsync("message");

        Assert.Equal("ack", (string?)ack["event"]);
        JsonNode data = ack["data"]!;
        Assert.Equal((room, (long)joined["epoch"]!, 1), ((string)data["room"]!, (long)data["epoch"]!, (long)data["seq"]!));
        Assert.Null(data["duplicate"]);
        Assert.Equal("hello", (string?)echo["content"]);
        Assert.Equal(
            (room, (long)joined["epoch"]!, 1, (string)data["at"]!, "m1"),
            ((string)echo["room"]!, (long)echo["epoch"]!, (long)echo["seq"]!, (string)echo["at"]!, (string)echo["id"]!));
        Assert.Equal((string)ann.Connection.Claims()["sub"]!, (string?)echo["user"]);
        Assert.Equal(TimeSpan.Zero, DateTimeOffset.Parse((string)data["at"]!, System.Globalization.CultureInfo.InvariantCulture).Offset);
    }

    [Fact]
    public async Task Message_WhenItsIdIsRepeated_IsStoredOnceAndAckedWithTheSamePlace()
    {
        string room = SharedStandalone.Unique("room");
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("ann"));
        await ann.JoinAsync(room);
        long first = (long)(await ann.PostAsync("hello", "m1"))["data"]!["seq"]!;
        await ann.PostAsync("other", "m2");

        JsonNode again = (await ann.PostAsync("hello", "m1"))["data"]!;
        Assert.Equal((first, true), ((long)again["seq"]!, (bool)again["duplicate"]!));
        JsonObject conflict = await ann.PostAsync("another text", "m1");
        Assert.Equal(("id_conflict", false), ((string)conflict["code"]!, (bool)conflict["retry"]!));
        Assert.Equal(3, (long)(await ann.PostAsync("third", "m3"))["data"]!["seq"]!);
        string[] texts = await TextsAsync(ann, 3);
        Assert.Equal(["hello", "other", "third"], texts);
    }

    [Fact]
    public async Task Message_WhenItsIdIsRepeatedAfterALeave_IsStillKnown()
    {
        string room = SharedStandalone.Unique("room");
        string name = SharedStandalone.Unique("ann");
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), name);
        await ann.JoinAsync(room);
        await ann.PostAsync("hello", "m1");
        await using ChatClient2 second = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), name, ann.Connection.Jwt);
        await second.JoinAsync(room);
        await ann.AskAsync(new JsonObject { ["event"] = "leave_room" });
        JsonNode again = (await second.PostAsync("hello", "m1"))["data"]!;
        Assert.Equal((1, true), ((long)again["seq"]!, (bool)again["duplicate"]!));
    }

    [Fact]
    public async Task Message_OfAnotherUserUnderTheSameId_IsAMessageOfItsOwn()
    {
        string room = SharedStandalone.Unique("room");
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("ann"));
        await using ChatClient2 bob = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("bob"));
        await ann.JoinAsync(room);
        await bob.JoinAsync(room);
        await ann.PostAsync("hello", "m1");
        Assert.Equal(2, (long)(await bob.PostAsync("hello too", "m1"))["data"]!["seq"]!);
    }

    [Fact]
    public async Task Messages_InOneBurst_AreAckedInTheirOrder()
    {
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("ann"));
        await ann.JoinAsync(SharedStandalone.Unique("room"));
        for (int i = 1; i <= 200; i++)
        {
            await ann.Connection.SendRawAsync($$"""{"event":"message","id":"b{{i}}","data":"{{i}}"}""");
        }

        for (int i = 1; i <= 200; i++)
        {
            Assert.Equal(i, (long)(await ann.AnswerAsync($"b{i}"))["data"]!["seq"]!);
        }

        string[] texts = await TextsAsync(ann, 200);
        Assert.Equal([.. Enumerable.Range(1, 200).Select(static n => $"{n}")], texts);
    }

    [Fact]
    public async Task Message_WithoutAnId_HasNoAck()
    {
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("ann"));
        await ann.JoinAsync(SharedStandalone.Unique("room"));
        await ann.Connection.SendRawAsync("""{"event":"message","data":"hello"}""");
        JsonObject echo = await ann.ExpectAsync("message");
        Assert.Equal((1, null), ((long)echo["seq"]!, (string?)echo["id"]));
        Assert.Null((string?)(await ann.AskAsync(new JsonObject { ["event"] = "get_room" }))["code"]);
        Assert.False(ann.Connection.HasUnread);
    }

    [Theory]
    [InlineData("""{"event":"message","id":"x","data":"hi"}""", "not_in_room", false)]
    [InlineData("""{"event":"leave_room","id":"x"}""", "not_in_room", false)]
    [InlineData("""{"event":"get_history","id":"x"}""", "not_in_room", false)]
    [InlineData("""{"event":"join_room","id":"x"}""", "bad_request", false)]
    [InlineData("""{"event":"join_room","id":"x","room":""}""", "bad_room", false)]
    [InlineData("""{"event":"join_room","id":"x","room":"r","after":7}""", "bad_request", false)]
    [InlineData("""{"event":"join_room","id":"x","room":"r","after":{"epoch":-1,"seq":7}}""", "bad_request", false)]
    [InlineData("""{"event":"join_room","id":"x","room":"r","after":{"epoch":1,"seq":-7}}""", "bad_request", false)]
    [InlineData("""{"event":"get_history","id":"x","limit":101}""", "bad_request", false)]
    [InlineData("""{"event":"get_history","id":"x","after":-1}""", "bad_request", false)]
    [InlineData("""{"event":"get_history","id":"x","before":-1}""", "bad_request", false)]
    [InlineData("""{"event":"get_history","id":"x","data":{"before":{"seq":-1}}}""", "bad_request", false)]
    [InlineData("""{"event":"nonsense","id":"x"}""", "bad_request", false)]
    [InlineData("""{"event":"register","id":"x","name":"admin"}""", "name_reserved", false)]
    [InlineData("""{"event":"get_rooms","id":"x","jwt":"a.b.c"}""", "invalid_token", false)]
    public async Task Refusal_OfARequestWithAnId_BearsItAndSaysWhetherToRetry(string request, string code, bool retry)
    {
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("ann"));
        await ann.Connection.SendRawAsync(request);
        JsonObject error = await ann.AnswerAsync("x");
        Assert.Equal(("error", code, retry), ((string)error["event"]!, (string)error["code"]!, (bool)error["retry"]!));
    }

    [Fact]
    public async Task Name_WhenTaken_IsRefusedWithRetryAndTheId()
    {
        string name = SharedStandalone.Unique("ann");
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), name);
        await using ChatClient bob = await ChatClient.ConnectAsync(await server.WebSocketAsync());
        await bob.SendRawAsync($$"""{"event":"register","v":2,"id":"x","name":"{{name}}"}""");
        JsonObject error = await bob.ExpectErrorAsync("name_taken");
        Assert.Equal(("x", true), ((string)error["id"]!, (bool)error["retry"]!));
    }

    private static async Task<string[]> TextsAsync(ChatClient2 client, int count)
    {
        string[] texts = new string[count];
        for (int i = 0; i < count; i++)
        {
            JsonObject message = await client.ExpectAsync("message");
            Assert.Equal(i + 1, (long)message["seq"]!);
            texts[i] = (string)message["content"]!;
        }

        return texts;
    }
}
