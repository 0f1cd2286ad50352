using System.Globalization;
using ChitChatz.Chaos.Cluster;
using ChitChatz.Chaos.Report;

namespace ChitChatz.Chaos.Scenarios;

/// <summary>T13, first part: each process is asked to stop and started again, one after the other, under load.</summary>
internal static class RollingRestart
{
    private const int Rate = 200;

    public static async Task RunAsync(Options options, Scoreboard board, CancellationToken cancellationToken)
    {
        board.Title($"T13 rolling restart; seed {options.Seed}");
        await using var run = await ClusterRun.StartAsync("t13", options, board, ClusterShape.Usual, cancellationToken);
        await run.AddUsualUsersAsync(cancellationToken);
        run.Talk(options.Rate ?? Rate);
        for (var round = 0; round < (options.IsLong ? 3 : 1); round++)
        {
            foreach (var node in run.Cluster.Nodes)
            {
                await Task.Delay(2_000, cancellationToken);
                run.History.Fault($"stop {node.Name}");
                var from = run.History.Now;
                var took = await node.StopAsync();
                await node.StartAsync();
                await node.WhenReadyAsync(cancellationToken);
                board.Note($"{node.Name}: stopped in {took.TotalSeconds:0.0} s, ready again {(run.History.Now - from) / 1e6:0.0} s after the signal; longest gap of a room {LongestGap(run, from):0.00} s");
                board.Budget($"{node.Name} stops", took.TotalSeconds, 15, "s");
            }
        }

        await run.WhenJoinedAsync(cancellationToken);
        await run.ConvergeAsync(cancellationToken);
        var times = new Gaps();
        foreach (var back in run.Traffic.Comebacks)
            times.Add(((back.Connection.CaughtUpAt > 0 ? back.Connection.CaughtUpAt : run.History.Now) - back.LostAt) / 1e6);
        board.Note($"back and caught up: {times}");
        board.Budget("reconnect, p99", times.Percentile(99), 2, "s");
        await run.FinishAsync(cancellationToken);
    }

    private static double LongestGap(ClusterRun run, long from)
    {
        var to = run.History.Now;
        return run.Traffic.SentSince(from - 10_000_000).GroupBy(static sent => sent.Room)
            .Max(room => Gaps.Longest(room.Where(static sent => sent.AckedAt > 0).Select(static sent => sent.AckedAt), from, to));
    }
}
