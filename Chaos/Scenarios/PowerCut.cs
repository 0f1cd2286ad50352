using ChitChatz.Chaos.Checking;
using ChitChatz.Chaos.Cluster;
using ChitChatz.Chaos.Faults;
using ChitChatz.Chaos.Report;

namespace ChitChatz.Chaos.Scenarios;

/// <summary>T3: the power of the store's disk is cut under load, again and again; then everything starts from what is on it.</summary>
internal static class PowerCut
{
    private const int Rate = 200;
    private const int Megabytes = 1_024;

    public static async Task RunAsync(Options options, Scoreboard board, CancellationToken cancellationToken)
    {
        foreach (var store in new[] { "sqlite", "postgres" })
        {
            if ((options.Only is null || options.Only == store) && !(options.IsControl && store == "sqlite"))
                await RunAsync(store, options, board, cancellationToken);
        }
    }

    private static async Task RunAsync(string store, Options options, Scoreboard board, CancellationToken cancellationToken)
    {
        board.Title($"T3 power cut, {store}{(options.IsControl ? ", control: acknowledged before it is on the disk" : "")}; seed {options.Seed}");
        var (disk, reason) = await PowerCutDisk.TryMountNewAsync(Megabytes);
        if (disk is null)
        {
            board.Skip(reason!);
            return;
        }

        await using (disk)
        {
            var shape = (store == "sqlite" ? ClusterShape.Standalone : new ClusterShape(1, 1)) with
            {
                Folder = Directory.CreateDirectory(Path.Combine(disk.Path, "store")).FullName,
                StoreSettings = options.IsControl ? LazyCommits.Settings : [],
            };
            await using var run = await ClusterRun.StartAsync($"t3-{store}", options, board, shape, cancellationToken);
            if (options.IsControl)
                await LazyCommits.InstallAsync(run.Cluster.Store!);
            for (var room = 0; room < 4; room++)
                await run.AddUsersAsync($"room {room}", 5, cancellationToken);
            run.Talk(options.Rate ?? Rate);

            var random = new Random(options.Seed);
            var cuts = options.Runs ?? (options.IsLong ? 20 : 2);
            for (var cut = 1; cut <= cuts; cut++)
            {
                await GrowAsync(run, 200, cancellationToken);
                var wait = 200 + random.Next(2_000);
                await Task.Delay(wait, cancellationToken);
                var before = run.Traffic.Acked;

                // Without power nobody says anything. An fsync that is under way when ext4 is shut down may return as if it had been done,
                // and what stands still cannot act on that; what was acknowledged before has to be there.
                foreach (var node in run.Cluster.Nodes)
                    node.Freeze();
                disk.Cut();
                run.History.Fault("power cut");
                await Task.WhenAll(run.Cluster.Parts.Select(static part => part.KillAsync()));
                await disk.RestoreAsync();
                board.Note($"cut {cut}/{cuts} after {wait} ms more and {before} acked");
                foreach (var part in run.Cluster.Parts)
                    await part.StartAsync();
                await run.Cluster.WhenReadyAsync(cancellationToken);
                run.History.Fault("power again");
            }

            await GrowAsync(run, 1, cancellationToken);
            if (options.IsControl)
            {
                await run.ConvergeQuietlyAsync(cancellationToken);
                var found = await run.JudgeAsync();
                board.Check(found.Violations.Any(static violation => violation.Invariant == Invariant.LostWrite), "without its protection, acked messages are lost and found to be");
                return;
            }

            await run.ConvergeAsync(cancellationToken);
            await run.FinishAsync(cancellationToken);
        }
    }

    /// <summary>Ends when so many more are acknowledged.</summary>
    private static async Task GrowAsync(ClusterRun run, int messages, CancellationToken cancellationToken)
    {
        for (var wanted = run.Traffic.Acked + messages; run.Traffic.Acked < wanted;)
            await Task.Delay(20, cancellationToken);
    }
}
