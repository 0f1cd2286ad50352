using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Version2;

public sealed class HistoryTests(SharedStandalone server)
{
    [Fact]
    public async Task GetHistory_OfARoom_ReadsItInBothDirections()
    {
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("ann"));
        string room = SharedStandalone.Unique("room");
        long epoch = (long)(await ann.JoinAsync(room))["epoch"]!;
        for (int i = 1; i <= 120; i++)
        {
            await ann.Connection.SendRawAsync($$"""{"event":"message","id":"h{{i}}","data":"{{i}}"}""");
        }

        await ann.AnswerAsync("h120");
        await AssertReadsAsync(ann, room, """{}""", 71, 120, more: true);
        await AssertReadsAsync(ann, room, """{"limit":100}""", 21, 120, more: true);
        await AssertReadsAsync(ann, room, """{"before":21}""", 1, 20, more: false);
        await AssertReadsAsync(ann, room, $$"""{"before":{"epoch":{{epoch}},"seq":31},"limit":10}""", 21, 30, more: true);
        await AssertReadsAsync(ann, room, """{"after":0,"limit":3}""", 1, 3, more: true);
        await AssertReadsAsync(ann, room, """{"after":118}""", 119, 120, more: false);
        await AssertReadsAsync(ann, room, """{"after":10,"before":13}""", 11, 12, more: false);
        await AssertReadsAsync(ann, room, """{"after":10,"before":20,"limit":4}""", 11, 14, more: true);
        await AssertReadsAsync(ann, room, """{"after":120}""", 1, 0, more: false);
        await AssertReadsAsync(ann, room, """{"after":9007199254740992}""", 1, 0, more: false);
        await AssertReadsAsync(ann, room, """{"before":0}""", 1, 0, more: false);
        await AssertReadsAsync(ann, room, """{"before":{"epoch":1,"seq":50}}""", 1, 0, more: false);
        await AssertReadsAsync(ann, room, """{"after":{"epoch":1,"seq":50},"limit":2}""", 1, 2, more: true);
    }

    [Fact]
    public async Task GetHistory_OfLongTexts_IsCutAndSaysThatThereIsMore()
    {
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("ann"));
        string room = SharedStandalone.Unique("room");
        await ann.JoinAsync(room);
        string text = new('x', 8_000);
        for (int i = 1; i <= 20; i++)
        {
            await ann.PostAsync(text);
        }

        await AssertReadsAsync(ann, room, """{"limit":100}""", 13, 20, more: true);
        await AssertReadsAsync(ann, room, """{"after":0,"limit":100}""", 1, 8, more: true);
    }

    [Fact]
    public async Task GetHistory_OfAnotherRoom_IsRefused()
    {
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("ann"));
        await ann.JoinAsync(SharedStandalone.Unique("room"));
        JsonObject error = await ann.AskAsync(new JsonObject { ["event"] = "get_history", ["room"] = "elsewhere" });
        Assert.Equal("wrong_room", (string?)error["code"]);
    }

    private static async Task AssertReadsAsync(ChatClient2 client, string room, string fields, int first, int last, bool more)
    {
        JsonObject request = JsonNode.Parse(fields)!.AsObject();
        request["event"] = "get_history";
        JsonObject answer = await client.AskAsync(request);
        Assert.True((string?)answer["event"] == "history", answer.ToJsonString());
        JsonNode data = answer["data"]!;
        Assert.Equal((room, more), ((string)data["room"]!, (bool)data["more"]!));
        Assert.Equal(
            [.. Enumerable.Range(first, last - first + 1)],
            data["messages"]!.AsArray().Select(static message => (int)message!["seq"]!));
        Assert.All(data["messages"]!.AsArray(), static message => Assert.NotNull(message!["content"]));
    }
}
