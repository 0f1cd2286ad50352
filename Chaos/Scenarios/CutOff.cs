using System.Globalization;
using ChitChatz.Chaos.Cluster;
using ChitChatz.Chaos.Faults;
using ChitChatz.Chaos.Report;

namespace ChitChatz.Chaos.Scenarios;

/// <summary>T2, second part: the hot room's silo is cut off from the other silos, but not from the store and the gateways, and overtaken.</summary>
internal static class CutOff
{
    private const string Hot = "hot";
    private const int Rate = 200;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    public static async Task RunAsync(Options options, Scoreboard board, CancellationToken cancellationToken)
    {
        board.Title($"T2 cut off; seed {options.Seed}");
        var (network, reason) = await SiloNetwork.TryMakeNewAsync(ClusterShape.Usual.Silos);
        if (network is null)
        {
            board.Skip(reason!);
            return;
        }

        await using (network)
        {
            await using var run = await ClusterRun.StartAsync("t2-cut", options, board, ClusterShape.Usual with { Network = network }, cancellationToken);
            await run.AddUsersAsync(Hot, 20, cancellationToken);
            await run.AddUsersAsync("other", 10, cancellationToken);
            run.Talk(options.Rate ?? Rate, busy: Hot, times: 9);

            var cuts = options.Runs ?? (options.IsLong ? 20 : 1);
            HashSet<string> victims = [];
            for (var i = 0; i < cuts; i++)
            {
                if (await CutAsync(run, network, options.IsLong ? 1_000 : 300, $"cut {i + 1}/{cuts}", cancellationToken) is { } victim)
                    victims.Add(victim);
            }

            await run.ConvergeAsync(cancellationToken);
            await run.FinishAsync(cancellationToken);
            board.Check(victims.Count == cuts, $"{victims.Count} of {cuts} times was the silo that was cut off overtaken");
            var late = LateRows.Count(await run.Writers!.RowsAsync(), victims);
            board.Check(late == 0, $"{late} rows were written by a silo that was cut off above the first of the one that overtook it");
        }
    }

    /// <summary>Cuts off the hot room's silo until the room has gone on elsewhere; gives who it was, or null when the room did not go on.</summary>
    private static async Task<string?> CutAsync(ClusterRun run, SiloNetwork network, int messages, string title, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        var (head, identity) = await run.Writers!.HeadAsync(Hot);
        var index = 0;
        try
        {
            while ((index = run.Cluster.Silos.Index().FirstOrDefault(silo => silo.Item.Identity == identity, (-1, null!)).Index) < 0)
            {
                await Task.Delay(50, patience.Token);
                (head, identity) = await run.Writers.HeadAsync(Hot);
            }

            var victim = run.Cluster.Silos[index];
            var incarnation = victim.Incarnation;
            await network.CutAsync(index + 1);
            run.History.Fault($"cut off {identity}");
            var from = run.History.Now;
            var (first, owner) = (head, identity);
            while (owner == identity)
            {
                await Task.Delay(50, patience.Token);
                (first, owner) = await run.Writers.HeadAsync(Hot);
            }

            var elsewhere = run.History.Now;
            var meanwhile = first - head;
            while (head < first + messages)
            {
                await Task.Delay(50, patience.Token);
                (head, _) = await run.Writers.HeadAsync(Hot);
            }

            await network.MendAsync(index + 1);
            run.History.Fault($"mended {victim.Name}");

            // It learns from the store that it was declared dead, and ends.
            await victim.WhenRestartedAsync(incarnation, patience.Token);
            await run.Cluster.WhenReadyAsync(patience.Token);
            run.Board.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"{title}: {identity} went on for {meanwhile} messages; {owner} took over after {(elsewhere - from) / 1e6:0.0} s and wrote {head - first} before the mend"));
            return identity;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            run.Board.Note($"{title}: gave up on {identity}: not all happened within {s_patience.TotalSeconds} s");
            if (index >= 0)
                await network.MendAsync(index + 1);
            return null;
        }
    }
}
