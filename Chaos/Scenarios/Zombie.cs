using System.Globalization;
using ChitChatz.Chaos.Checking;
using ChitChatz.Chaos.Cluster;
using ChitChatz.Chaos.Report;

namespace ChitChatz.Chaos.Scenarios;

/// <summary>T2: the hot room's silo is frozen in mid-append, declared dead, overtaken, and woken.</summary>
internal static class Zombie
{
    private const string Hot = "hot";
    private const int Rate = 200;

    // Found dead sooner than by default, so that the room lives elsewhere while the append still waits in the store, which gives it up after 5 s.
    private static readonly string[] s_hasty = ["--Cluster:Timings:ProbeTimeout=00:00:00.3", "--Cluster:Timings:MaxProbeTimeout=00:00:00.5"];
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(Options options, Scoreboard board, CancellationToken cancellationToken)
    {
        board.Title($"T2 zombie{(options.IsControl ? ", control: no keys in the store" : "")}; seed {options.Seed}");
        await using var run = await ClusterRun.StartAsync("t2", options, board, ClusterShape.Usual with { Args = s_hasty }, cancellationToken);
        var hold = new HeldAppends(run.Cluster.Store!);
        await hold.InstallAsync();
        if (options.IsControl)
            await KeylessStore.MakeAsync(run.Cluster.Store!);
        await run.AddUsersAsync(Hot, 20, cancellationToken);
        await run.AddUsersAsync("other", 10, cancellationToken);
        run.Talk(options.Rate ?? Rate, busy: Hot, times: 9);

        var freezes = options.Runs ?? (options.IsLong ? 20 : options.IsControl ? 5 : 1);
        List<Freeze> done = [];
        for (var i = 0; i < freezes; i++)
        {
            if (await FreezeAsync(run, hold, options.IsLong ? 1_000 : 300, cancellationToken) is { } freeze)
            {
                done.Add(freeze);
                board.Note($"freeze {i + 1}/{freezes}: {freeze}");
            }
        }

        if (options.IsControl)
        {
            await run.ConvergeQuietlyAsync(cancellationToken);
            var found = await run.JudgeAsync();
            board.Check(found.Violations.Any(static violation => violation.Invariant is Invariant.Duplicate), "without its keys a seq is used twice, and that is found");
            return;
        }

        await run.ConvergeAsync(cancellationToken);
        await run.FinishAsync(cancellationToken);
        board.Check(done.Count == freezes, $"{done.Count} of {freezes} times was the silo frozen in mid-append, and overtaken");
        var late = LateRows.Count(await run.Writers!.RowsAsync(), done.Select(static freeze => freeze.Victim).ToHashSet());
        board.Check(late == 0, $"{late} rows were written by a frozen silo above the first of the one that overtook it");
    }

    /// <summary>Freezes the hot room's silo while one of its appends waits in the store; null when that did not succeed.</summary>
    private static async Task<Freeze?> FreezeAsync(ClusterRun run, HeldAppends hold, int messages, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        ClusterNode? victim = null;
        try
        {
            while (victim is null)
            {
                var owner = (await run.Writers!.OwnersAsync()).GetValueOrDefault(Hot);
                victim = run.Cluster.Silos.FirstOrDefault(silo => silo.Identity == owner);
                await Task.Delay(50, patience.Token);
            }

            var identity = victim.Identity;
            var incarnation = victim.Incarnation;
            await hold.HoldNextAsync(identity, patience.Token);
            victim.Freeze();
            run.History.Fault($"freeze {identity}");
            var from = run.History.Now;

            var (head, newOwner) = await run.Writers!.HeadAsync(Hot);
            var first = head;
            while (newOwner == identity)
            {
                await Task.Delay(50, patience.Token);
                (first, newOwner) = await run.Writers.HeadAsync(Hot);
            }

            var elsewhere = run.History.Now;
            await hold.ReleaseAsync();
            while (head < first + messages)
            {
                await Task.Delay(50, patience.Token);
                (head, _) = await run.Writers.HeadAsync(Hot);
            }

            victim.Thaw();
            run.History.Fault($"thaw {identity}");
            await victim.WhenRestartedAsync(incarnation, patience.Token);
            await run.Cluster.WhenReadyAsync(patience.Token);
            return new Freeze(identity, newOwner, (elsewhere - from) / 1e6, head - first);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            run.Board.Note($"gave up on freezing {victim?.Identity ?? "anybody"}: not all happened within {s_patience.TotalSeconds} s");
            victim?.Thaw();
            return null;
        }
    }

    private sealed record Freeze(string Victim, string Successor, double Seconds, long Messages)
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Victim} in mid-append; {Successor} went on after {Seconds:0.0} s and wrote {Messages} messages before it woke");
    }
}
