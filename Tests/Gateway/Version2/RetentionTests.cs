using System.Text.Json.Nodes;
using ChitChatz.Storage;
using ChitChatz.Tests.Storage;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ChitChatz.Tests.Gateway.Version2;

/// <summary>What retention and forgetting look like from outside.</summary>
public sealed class RetentionTests
{
    [Fact]
    public async Task History_BeyondTheSetting_IsNotReadAndNotResumed()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync("--Rooms:HistoryMessages=5");
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(app.WebSocket, "ann");
        long epoch = (long)(await ann.JoinAsync("lobby"))["epoch"]!;
        for (int i = 1; i <= 12; i++)
        {
            await ann.PostAsync($"{i}", $"m{i}");
        }

        JsonNode history = (await ann.AskAsync(new JsonObject { ["event"] = "get_history" }))["data"]!;
        Assert.Equal([8, 9, 10, 11, 12], history["messages"]!.AsArray().Select(static message => (int)message!["seq"]!));
        Assert.False((bool)history["more"]!);
        JsonNode upwards = (await ann.AskAsync(new JsonObject { ["event"] = "get_history", ["after"] = 0 }))["data"]!;
        Assert.Equal([8, 9, 10, 11, 12], upwards["messages"]!.AsArray().Select(static message => (int)message!["seq"]!));

        // What cannot be read is still known.
        Assert.True((bool)(await ann.PostAsync("1", "m1"))["data"]!["duplicate"]!);
        await using ChatClient2 bob = await ChatClient2.RegisterAsync(app.WebSocket, "bob");
        Assert.False((bool)(await bob.JoinAsync("lobby", ChatClient2.Position(epoch, 6)))["recovered"]!);
        Assert.True((bool)(await bob.JoinAsync("lobby", ChatClient2.Position(epoch, 7)))["recovered"]!);
    }

    [Fact]
    public async Task History_UpwardsFromBelowTheSetting_BeginsWithTheFirstThatIsHistory()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync("--Rooms:HistoryMessages=5");
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(app.WebSocket, "ann");
        await ann.JoinAsync("lobby");
        for (int i = 1; i <= 12; i++)
        {
            await ann.PostAsync($"{i}", $"m{i}");
        }

        await AssertReadsAsync(ann, """{"after":0,"limit":2}""", [8, 9], more: true);
        await AssertReadsAsync(ann, """{"after":9,"limit":3}""", [10, 11, 12], more: false);
        await AssertReadsAsync(ann, """{"after":0,"before":5,"limit":2}""", [], more: false);
        await AssertReadsAsync(ann, """{"after":0,"before":10,"limit":2}""", [8, 9], more: false);
    }

    [Fact]
    public async Task History_OlderThanTheSetting_IsNotReadAndNotPromised()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync("--Rooms:HistoryDays=1");
        IMessageLog log = app.Services.GetRequiredService<IMessageLog>();
        long epoch = (await log.ReadHeadsAsync(["lobby"], TestContext.Current.CancellationToken))[0].Epoch;
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        AppendBatch batch = LogData.Batch("lobby", epoch, 1, 2_005);
        batch = batch with
        {
            Messages = [.. batch.Messages.Select(message => message with { At = now - (message.Seq <= 2_000 ? (long)TimeSpan.FromDays(2).TotalMilliseconds : 0) })],
        };
        Assert.Equal(AppendStatus.Committed, (await log.CommitAsync([batch], TestContext.Current.CancellationToken))[0].Status);
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(app.WebSocket, "ann");
        await ann.JoinAsync("lobby");

        await AssertReadsAsync(ann, """{"limit":5}""", [2_001, 2_002, 2_003, 2_004, 2_005], more: false);
        await AssertReadsAsync(ann, """{"limit":10}""", [2_001, 2_002, 2_003, 2_004, 2_005], more: false);
        await AssertReadsAsync(ann, """{"after":0,"limit":2}""", [2_001, 2_002], more: true);
        await AssertReadsAsync(ann, """{"after":0,"before":1990,"limit":2}""", [], more: false);
    }

    [Fact]
    public async Task Room_WhoseLastMemberLeaves_IsForgottenWhereThatIsWanted()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync("--Rooms:ForgetWhenEmpty=true");
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(app.WebSocket, "ann");
        await using ChatClient2 bob = await ChatClient2.RegisterAsync(app.WebSocket, "bob");
        long epoch = (long)(await ann.JoinAsync("lobby"))["epoch"]!;
        await bob.JoinAsync("lobby");
        await ann.PostAsync("hello", "m1");
        await ann.AskAsync(new JsonObject { ["event"] = "leave_room" });
        await bob.AskAsync(new JsonObject { ["event"] = "leave_room" });

        // A moment later; a join that is quicker than that keeps the room as it is, and leaves it once more.
        JsonObject joined = await ann.JoinAsync("lobby", ChatClient2.Position(epoch, 1));
        for (int tries = 0; (long)joined["epoch"]! == epoch && tries < 100; tries++)
        {
            await ann.AskAsync(new JsonObject { ["event"] = "leave_room" });
            await Task.Delay(50, TestContext.Current.CancellationToken);
            joined = await ann.JoinAsync("lobby", ChatClient2.Position(epoch, 1));
        }

        Assert.True((long)joined["epoch"]! > epoch, "the room was not forgotten");
        Assert.Equal((0, false), ((int)joined["head"]!, (bool)joined["recovered"]!));
        JsonNode ack = (await ann.PostAsync("hello", "m1"))["data"]!;
        Assert.Equal(1, (int)ack["seq"]!);
        Assert.Null(ack["duplicate"]);
    }

    [Fact]
    public async Task Room_WhoseMembersAreLost_IsNotForgotten()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync("--Rooms:ForgetWhenEmpty=true");
        ChatClient2 ann = await ChatClient2.RegisterAsync(app.WebSocket, "ann");
        long epoch = (long)(await ann.JoinAsync("lobby"))["epoch"]!;
        await ann.PostAsync("hello", "m1");
        await ann.Connection.CutAsync();
        await using ChatClient2 bob = await ChatClient2.RegisterAsync(app.WebSocket, "bob");
        while ((await bob.Connection.GetRoomsAsync()).Length > 0)
        {
            // The loss was not seen yet.
        }

        Assert.Equal(epoch, (long)(await bob.JoinAsync("lobby"))["epoch"]!);
        Assert.Single((await bob.AskAsync(new JsonObject { ["event"] = "get_history" }))["data"]!["messages"]!.AsArray());
    }

    private static async Task AssertReadsAsync(ChatClient2 client, string fields, int[] expected, bool more)
    {
        JsonObject request = JsonNode.Parse(fields)!.AsObject();
        request["event"] = "get_history";
        JsonNode history = (await client.AskAsync(request))["data"]!;
        Assert.Equal(expected, history["messages"]!.AsArray().Select(static message => (int)message!["seq"]!));
        Assert.Equal(more, (bool)history["more"]!);
    }
}
