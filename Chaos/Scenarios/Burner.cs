using System.Diagnostics;
using System.Globalization;
using ChitChatz.Chaos.Cluster;
using ChitChatz.Chaos.Processes;
using ChitChatz.Chaos.Report;

namespace ChitChatz.Chaos.Scenarios;

/// <summary>T6 without faults, beside a process of equal priority on every core that takes what it gets: nobody may be declared dead.</summary>
internal static class Burner
{
    private const int Rate = 100;

    public static async Task RunAsync(Options options, Scoreboard board, TimeSpan time, CancellationToken cancellationToken)
    {
        board.Title($"T6 false evictions: {time.TotalMinutes} minutes beside {Environment.ProcessorCount} burners");
        await using var run = await ClusterRun.StartAsync("t6-burner", options, board, ClusterShape.Usual, cancellationToken);
        await run.AddUsualUsersAsync(cancellationToken);
        Process[] burners = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(static _ => BoundProcess.Start(new ProcessStartInfo("/bin/sh", ["-c", "while :; do :; done"])))];
        try
        {
            run.Talk(options.Rate ?? Rate);
            for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < time;)
            {
                await Task.Delay(Min(TimeSpan.FromMinutes(1), time), cancellationToken);
                board.Note($"{run.Traffic.Acked} acked, {await EvictionsAsync(run)} declared dead");
            }
        }
        finally
        {
            foreach (var burner in burners)
            {
                burner.Kill();
                burner.Dispose();
            }
        }

        var dead = await EvictionsAsync(run);
        var ended = run.Cluster.Nodes.Sum(static node => node.Ends.Count);
        board.Check(dead == 0 && ended == 0, string.Create(CultureInfo.InvariantCulture, $"{dead} silos were declared dead, {ended} processes ended"));
        await run.ConvergeAsync(cancellationToken);
        await run.FinishAsync(cancellationToken);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    // 6 is Orleans' SiloStatus.Dead; nobody has stopped any.
    private static async Task<long> EvictionsAsync(ClusterRun run) =>
        (long)(await run.Cluster.Store!.ExecuteAsync("SELECT count(*) FROM chitchatz.orleansmembershiptable WHERE status = 6"))!;
}
