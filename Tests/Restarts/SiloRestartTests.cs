using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ChitChatz.Tests.Processes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Restarts;

/// <summary>Silo and gateway as two processes: the clients stay at the gateway while the silo dies and comes back.</summary>
public sealed class SiloRestartTests : IAsyncDisposable
{
    private const string Room = "lobby";

    private static readonly string[] s_names = ["Ann", "Bob"];

    /// <summary>From the silo's return on.</summary>
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(30);

    private readonly Deployment _service = new();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Silo_WhenKilledAndStartedAgain_CarriesTheSameRoomOn()
    {
        (ProcessHost silo, _) = await StartAsync();
        await using ChatClient ann = await ChatClient.RegisterAsync(_service.WebSocket, "Ann");
        await using ChatClient bob = await ChatClient.RegisterAsync(_service.WebSocket, "Bob");
        await ann.JoinAsync(Room);
        await bob.JoinAsync(Room);
        List<string> seenByAnn = [];
        List<string> seenByBob = [];
        for (int i = 1; i <= 50; i++)
        {
            await ann.PostAsync(Text("before", i));
        }

        await ReadToAsync(ann, seenByAnn, Text("before", 50));
        await ReadToAsync(bob, seenByBob, Text("before", 50));

        await silo.KillAsync();
        for (int i = 1; i <= 5; i++)
        {
            // Kept by the gateway for a while; then their sender is told that they were not stored.
            await ann.PostAsync(Text("meanwhile", i));
        }

        ProcessHost next = _service.Start("Silo");
        await next.ReadyAsync();
        long back = Stopwatch.GetTimestamp();
        await PostUntilEchoedAsync(ann, "Ann", seenByAnn);
        await PostUntilEchoedAsync(bob, "Bob", seenByBob);
        TimeSpan took = Stopwatch.GetElapsedTime(back);
        Assert.True(took < s_recovery, $"They could write again only {took} after the silo was back");

        // Each hears the other: a last text of each is the last thing that both see.
        await ann.PostAsync("last of Ann");
        await ReadToAsync(bob, seenByBob, "last of Ann");
        await bob.PostAsync("last of Bob");
        await ReadToAsync(bob, seenByBob, "last of Bob");
        await ReadToAsync(ann, seenByAnn, "last of Bob");

        Assert.Equal(0, await next.StopAsync());
        string[] log = await StoredLog.TextsAsync(_service.DataFolder, Room);
        Assert.Equal(log.Length, log.Distinct().Count());
        Assert.Equal(log, seenByAnn);
        Assert.Equal(log, seenByBob);
        string[] annsOwn = [.. log.Where(static text => text.StartsWith("before", StringComparison.Ordinal))];
        Assert.Equal(Enumerable.Range(1, 50).Select(static i => Text("before", i)), annsOwn);
    }

    [Fact]
    public async Task Silo_WhenKilledUnderLoad_LosesAndDoublesNothing()
    {
        (ProcessHost silo, ProcessHost gateway) = await StartAsync();
        SteadySender[] senders = await StartSendersAsync();

        await silo.KillAsync();
        int[] before = [.. senders.Select(static sender => sender.Echoes)];
        ProcessHost next = _service.Start("Silo");
        await next.ReadyAsync();
        await Task.WhenAll(senders.Select((sender, i) => sender.EchoedAsync(before[i] + 200)));

        Assert.Equal(0, await gateway.StopAsync());
        Assert.Equal(0, await next.StopAsync());
        string[] log = await StoredLog.TextsAsync(_service.DataFolder, Room);
        Assert.Equal(log.Length, log.Distinct().Count());
        foreach (SteadySender sender in senders)
        {
            (IReadOnlyList<string> echoed, IReadOnlyList<string> seen) = await sender.EndAsync();
            Assert.Equal(1012, (await sender.Closed).Status);

            // What it saw is a piece of the log without a hole, also where the silo died; and its own stand in the order written.
            Assert.Equal(log.SkipWhile(text => text != seen[0]).Take(seen.Count), seen);
            int[] numbers = [.. echoed.Select(static text => int.Parse(text.Split(' ')[1], CultureInfo.InvariantCulture))];
            Assert.Equal(numbers.Order(), numbers);
            await sender.DisposeAsync();
        }
    }

    [Fact]
    public async Task Gateway_OnSigterm_AsksItsClientsToComeBack()
    {
        (ProcessHost silo, ProcessHost gateway) = await StartAsync();
        SteadySender[] senders = await StartSendersAsync();
        await using ChatClient idle = await ChatClient.RegisterAsync(_service.WebSocket, "Idle");
        await using ChatClient stranger = await ChatClient.ConnectAsync(_service.WebSocket);

        Assert.Equal(0, await gateway.StopAsync());

        Assert.Equal(1012, (await Deadline.Within(idle.Closed, "the close of a client in no room")).Status);
        Assert.Equal(1012, (await Deadline.Within(stranger.Closed, "the close of a client that has not registered")).Status);
        Assert.Equal(0, await silo.StopAsync());
        string[] log = await StoredLog.TextsAsync(_service.DataFolder, Room);
        foreach (SteadySender sender in senders)
        {
            Assert.Equal(1012, (await Deadline.Within(sender.Closed, "the close of a member")).Status);
            Assert.Empty((await sender.EndAsync()).Echoed.Except(log));
            await sender.DisposeAsync();
        }
    }

    private async Task<(ProcessHost Silo, ProcessHost Gateway)> StartAsync()
    {
        ProcessHost silo = _service.Start("Silo");
        await silo.ReadyAsync();
        ProcessHost gateway = _service.Start("Gateway");
        await gateway.ReadyAsync();
        return (silo, gateway);
    }

    private async Task<SteadySender[]> StartSendersAsync()
    {
        SteadySender[] senders = await Task.WhenAll(s_names.Select(name => SteadySender.StartAsync(_service.WebSocket, name, Room)));
        await Task.WhenAll(senders.Select(static sender => sender.EchoedAsync(100)));
        return senders;
    }

    private static string Text(string what, int number) => string.Create(CultureInfo.InvariantCulture, $"{what} {number}");

    /// <summary>Reads messages to this one; errors say that a text was not stored, which is no message.</summary>
    private static async Task ReadToAsync(ChatClient client, List<string> seen, string last)
    {
        while (seen.LastOrDefault() != last)
        {
            JsonObject frame = await client.NextAsync($"the message '{last}'");
            if ((string?)frame["event"] == "message")
            {
                seen.Add((string)frame["data"]!["content"]!);
            }
        }
    }

    /// <summary>As a person does who sees an error: writes again, something else each time, until one comes back.</summary>
    private static async Task PostUntilEchoedAsync(ChatClient client, string name, List<string> seen)
    {
        for (int i = 1; ; i++)
        {
            string text = Text($"again by {name}", i);
            await client.PostAsync(text);
            while (true)
            {
                JsonObject frame = await client.NextAsync($"an answer to '{text}'");
                if ((string?)frame["event"] == "error")
                {
                    break;
                }

                seen.Add((string)frame["data"]!["content"]!);
                if (seen[^1] == text)
                {
                    return;
                }
            }
        }
    }
}
