using System.Diagnostics.Metrics;
using ChitChatz.Chaos.Checking;
using ChitChatz.Gateway.Connections;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ChitChatz.Tests.Guarantees;

/// <summary>
/// T8: some of a room's members read nothing, or a byte a second, or break the protocol and then read nothing. They cost at most their
/// queue and are cut; nobody else notices. The clock of the connections' deadlines stands still until the test sets it forward, so that
/// however slow the machine is nobody is cut for a stuck write, nor for a ping, before enough was said to fill the queues.
/// </summary>
public sealed class SlowReaderTests
{
    private const string Room = "square";
    private const int Slow = 50;
    private const int Broken = 10;
    private const int Bound = 1_048_576;

    private static int Quick => GuaranteeRun.IsLong ? 450 : 100;

    [Fact]
    public async Task Members_WhoReadNothing_CostAtMostTheirQueueAndNobodyElseNotices()
    {
        FakeTimeProvider clock = NewClock();
        await using StandaloneApp app = await StartAsync(clock);
        using MeterLevels meters = new(app.Services.GetRequiredService<IMeterFactory>());
        const int OfEachVersion = (Slow - Broken) / 2;
        Outcome outcome = await RunAsync(
            app, "T8", _ => meters["chitchatz.gateway.slow_readers"] >= OfEachVersion && meters["chitchatz.gateway.skips"] >= OfEachVersion);
        Assert.True(outcome.Verdict.IsClean, outcome.Verdict.ToString());
        Assert.InRange(outcome.MostBytes, Bound / 2, Bound);
        Assert.Equal(OfEachVersion, meters["chitchatz.gateway.slow_readers"]);
        Assert.Equal(OfEachVersion, meters["chitchatz.gateway.skips"]);

        // Those of version 1 were closed, and a client of version 2 that takes nothing for 10 s is cut as well.
        clock.Advance(TimeSpan.FromSeconds(11));
        await Deadline.Within(
            WhenAsync(() => Connections(app).Length <= Quick),
            "the end of the connections that read nothing");
    }

    [Fact]
    public async Task Members_WhoReadNothing_WithoutABound_CostMore()
    {
        await using StandaloneApp app = await StartAsync(NewClock(), "--Limits:OutboundQueueBytes=1073741824");
        Outcome outcome = await RunAsync(app, "T8 control", static all => all.Max(static connection => connection.WaitingBytes) > 2 * Bound);
        Assert.True(outcome.MostBytes > 2 * Bound, $"at most {outcome.MostBytes} bytes waited");
    }

    private static FakeTimeProvider NewClock() => new(TimeProvider.System.GetUtcNow());

    private static Task<StandaloneApp> StartAsync(TimeProvider clock, params string[] settings) => StandaloneApp.StartAsync(
        builder => builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<ConnectionServices>(services, clock)),
        ["--Limits:RateLimits=false", "--Limits:PingSeconds=300", "--Limits:PongSeconds=300", .. settings]);

    private static ChatConnection[] Connections(StandaloneApp app) => [.. app.Services.GetRequiredService<ConnectionRegistry>().All];

    /// <summary>Two members talk in large texts, first alone, then until enough waits for the slow ones or those are gone.</summary>
    private static async Task<Outcome> RunAsync(StandaloneApp app, string test, Func<ChatConnection[], bool> enough)
    {
        await using GuaranteeRun run = new(app);
        run.AddUsers(Quick, Room);
        await run.ConnectAllAsync();
        string text = new('x', 7_900);
        for (int round = 0; round < 50; round++)
        {
            await SayAsync(run, $"alone {round} {text}");
        }

        List<SlowMember> slow = [];
        for (int i = 0; i < Slow; i++)
        {
            Slowness slowness = i < Broken ? Slowness.Broken : (i / 2 % 2 == 0) ? Slowness.Silent : Slowness.Trickling;
            slow.Add(await SlowMember.JoinAsync(app.WebSocket, Room, $"slow {i}", i % 2 + 1, slowness));
        }

        // The system's buffers take some megabytes for each before anything waits in ours.
        long joined = run.History.Now;
        int most = 0;
        for (int round = 0; round < 1_000; round++)
        {
            await SayAsync(run, $"{round} {text}");
            ChatConnection[] all = Connections(app);
            most = Math.Max(most, all.Max(static connection => connection.WaitingBytes));
            if (round > 50 && enough(all))
            {
                break;
            }
        }

        // Who waited for one of them would wait for its cut: ten seconds, and here, where the clock stands still, for ever.
        await run.WhenConvergedAsync([Room], TimeSpan.FromSeconds(30));
        Outcome outcome = new(await run.CheckAsync(test, [Room]), most);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"at most {most} bytes waited for one of {Slow} that hardly read; from send to the others, p99: {Latency(run.History, 0, joined):N1} ms before them, {Latency(run.History, joined, long.MaxValue):N1} ms beside them");
        slow.ForEach(static member => member.Dispose());
        return outcome;
    }

    private static async Task SayAsync(GuaranteeRun run, string text) => await Task.WhenAll(run.Users.Take(2).Select(user => user.SendAsync(text, GuaranteeRun.Token)));

    /// <summary>The 99th percentile of the time from a message's sending to each of its deliveries, for what was sent in a part of the history; in ms.</summary>
    private static double Latency(History history, long from, long to)
    {
        HistoryEvent[] events = history.Events;
        Dictionary<MessageName, long> sent = [];
        foreach (HistoryEvent send in events.Where(send => send.Kind == EventKind.Send && send.At >= from && send.At < to))
        {
            sent.TryAdd(send.Name, send.At);
        }

        double[] times = [.. events.Where(got => got.Kind == EventKind.Receive && sent.ContainsKey(got.Name)).Select(got => (got.At - sent[got.Name]) / 1_000d).Order()];
        return times[times.Length * 99 / 100];
    }

    private static async Task WhenAsync(Func<bool> reached)
    {
        while (!reached())
        {
            await Task.Delay(50, GuaranteeRun.Token);
        }
    }

    private sealed record Outcome(Verdict Verdict, int MostBytes);
}
