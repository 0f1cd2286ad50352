using System.Globalization;
using ChitChatz.Chaos.Clients;
using ChitChatz.Chaos.Cluster;
using ChitChatz.Chaos.Report;

namespace ChitChatz.Chaos.Scenarios;

/// <summary>T13, second part: more than the room can store. It says so, stores as much as before, and is itself again soon after.</summary>
internal static class Overload
{
    // Three times the bytes that may wait in a gateway for one room: that is the queue which is to be filled.
    private const int People = 24;
    private const int MaxPending = 512;
    private const int TextLength = 4_000;
    private const long Second = 1_000_000;

    public static async Task RunAsync(Options options, Scoreboard board, CancellationToken cancellationToken)
    {
        board.Title($"T13 overload; seed {options.Seed}");
        await using var run = await ClusterRun.StartAsync("t13-overload", options, board, ClusterShape.Usual, cancellationToken);
        run.MaxPending = MaxPending;
        await run.AddUsersAsync("busy", People, cancellationToken);
        run.Talk(50, textLength: TextLength);
        var max = await FindMaximumAsync(run, cancellationToken);

        run.Loop!.PerSecond = 3 * max;
        board.Note(string.Create(CultureInfo.InvariantCulture, $"{3 * max:0} messages a second from now on"));
        await WhenFullAsync(run, cancellationToken);
        var goodput = await GoodputAsync(run, options.IsLong ? 30 : 5, cancellationToken);
        var refusals = run.Traffic.Refusals.GetValueOrDefault("overloaded");
        run.Loop.PerSecond = Math.Max(10, max / 5);
        var eased = run.History.Now;
        board.Check(refusals > 0, $"past capacity senders are told that it is overloaded ({refusals} times)");
        board.Check(run.Traffic.OverloadedWithoutHint == 0, "each of those answers says when to try again");
        board.Budget("goodput past capacity", goodput / max * 100, 90, "% of the maximum", atLeast: true);

        // Normal is when no more waits for its answer than is said in half a second.
        while (run.Users.Sum(static user => user.Unacked) > run.Loop.PerSecond / 2 && run.History.Now - eased < 60 * Second)
            await Task.Delay(50, cancellationToken);
        board.Budget("normal again after", (run.History.Now - eased) / 1e6, 10, "s");
        await run.ConvergeAsync(cancellationToken);
        await run.FinishAsync(cancellationToken);
    }

    /// <summary>Ends when somebody was told. A queue takes its time to fill, the longer the faster it is emptied; so ever more is said.</summary>
    private static async Task WhenFullAsync(ClusterRun run, CancellationToken cancellationToken)
    {
        for (var i = 1; i <= 300 && !run.Traffic.Refusals.ContainsKey("overloaded"); i++)
        {
            await Task.Delay(100, cancellationToken);
            if (i % 50 == 0)
                run.Loop!.PerSecond *= 1.5;
        }
    }

    private static async Task<double> FindMaximumAsync(ClusterRun run, CancellationToken cancellationToken)
    {
        var best = 0.0;
        for (var rate = 100.0; ; rate *= 2)
        {
            run.Loop!.PerSecond = rate;
            await Task.Delay(1_000, cancellationToken);
            var goodput = await GoodputAsync(run, 3, cancellationToken);
            run.Board.Note(string.Create(CultureInfo.InvariantCulture, $"{rate:0} a second offered, {goodput:0} acked"));
            best = Math.Max(best, goodput);

            // One bad second is not the end yet; three times too much is.
            if (rate > 3 * best)
                return best;
        }
    }

    private static async Task<double> GoodputAsync(ClusterRun run, int seconds, CancellationToken cancellationToken)
    {
        var (from, acked) = (run.History.Now, run.Traffic.Acked);
        await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);
        return (run.Traffic.Acked - acked) * 1e6 / (run.History.Now - from);
    }
}
