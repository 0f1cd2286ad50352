using System.Globalization;
using ChitChatz.Chaos.Clients;
using ChitChatz.Chaos.Cluster;
using ChitChatz.Chaos.Report;

namespace ChitChatz.Chaos.Scenarios;

/// <summary>T13, second part: more than the room can store. It says so, stores as much as before, and is itself again soon after.</summary>
internal static class Overload
{
    // The queue that is to be filled is a room's in a gateway, 8 MiB. Three people on each say as many of the longest texts at once as a
    // gateway takes of one connection: four times that, which no log has taken before it is read.
    private const int People = 6;
    private const int MaxPending = 512;
    private const int TextLength = 8_000;
    private const char ThreeBytes = '話';

    // So many that everybody has said that much within a moment.
    private const double All = 5_000;
    private const long Second = 1_000_000;
    private const int Settle = 1_000;

    public static async Task RunAsync(Options options, Scoreboard board, CancellationToken cancellationToken)
    {
        board.Title($"T13 overload; seed {options.Seed}");
        await using var run = await ClusterRun.StartAsync("t13-overload", options, board, ClusterShape.Usual, cancellationToken);
        run.MaxPending = MaxPending;
        await run.AddUsersAsync("busy", People, cancellationToken);
        run.Talk(20, textLength: TextLength, filler: ThreeBytes);
        var max = await FindMaximumAsync(run, cancellationToken);

        run.Loop!.PerSecond = All;
        board.Note($"{People} people have {MaxPending} messages each under way from now on");
        await Task.Delay(Settle, cancellationToken);
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

    private static async Task<double> FindMaximumAsync(ClusterRun run, CancellationToken cancellationToken)
    {
        var best = 0.0;
        for (var rate = 50.0; ; rate *= 3)
        {
            run.Loop!.PerSecond = rate;
            await Task.Delay(Settle, cancellationToken);
            var goodput = await GoodputAsync(run, 3, cancellationToken);
            run.Board.Note(string.Create(CultureInfo.InvariantCulture, $"{rate:0} a second offered, {goodput:0} acked"));
            best = Math.Max(best, goodput);

            if (rate > 2 * best)
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
