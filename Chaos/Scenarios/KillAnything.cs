using System.Globalization;
using ChitChatz.Chaos.Checking;
using ChitChatz.Chaos.Cluster;
using ChitChatz.Chaos.Faults;
using ChitChatz.Chaos.Report;

namespace ChitChatz.Chaos.Scenarios;

/// <summary>T1: silos, gateways and the store are killed in turn, and everything at once.</summary>
internal static class KillAnything
{
    private const int Rate = 200;

    public static async Task RunAsync(Options options, Scoreboard board, CancellationToken cancellationToken)
    {
        board.Title($"T1 kill anything{(options.IsControl ? ", control: acknowledged before it is durable" : "")}; seed {options.Seed}");
        var shape = ClusterShape.Usual with { StoreSettings = options.IsControl ? LazyCommits.Settings : [] };
        await using var run = await ClusterRun.StartAsync("t1", options, board, shape, cancellationToken);
        if (options.IsControl)
            await LazyCommits.InstallAsync(run.Cluster.Store!);
        var kills = options.Runs ?? (options.IsLong ? 100 : 5);
        string[] parts = [.. run.Cluster.Parts.Where(part => part is StoreNode || !options.IsControl).Select(static part => part.Name)];
        var plan = FaultPlan.Make(options.Seed, parts, kills, options.IsControl ? 0 : options.IsLong ? 5 : 1);
        foreach (var kill in plan.Kills)
            board.Note(kill.ToString());

        await run.AddUsualUsersAsync(cancellationToken);
        run.Talk(options.Rate ?? Rate);
        var injector = new FaultInjector(run.Cluster, run.History, board.Note);
        await injector.RunAsync(plan, cancellationToken);
        await run.Cluster.WhenReadyAsync(cancellationToken);
        run.History.Fault("healed");
        board.Note("healed");
        if (options.IsControl)
        {
            await run.ConvergeQuietlyAsync(cancellationToken);
            var found = await run.JudgeAsync();
            board.Check(found.Violations.Any(static violation => violation.Invariant == Invariant.LostWrite), "without its protection, acked messages are lost and found to be");
            return;
        }

        await run.ConvergeAsync(cancellationToken);
        Summarise(run, injector, options);
        await run.LoseForGoodAsync(cancellationToken);
        await run.FinishAsync(cancellationToken);
        if (options.IsLong)
            board.Check(run.Traffic.Acked >= 100_000 && plan.Kills.Count >= 100, $"{plan.Kills.Count} kills and {run.Traffic.Acked} acked");
    }

    private static void Summarise(ClusterRun run, FaultInjector injector, Options options)
    {
        var sent = run.Traffic.Sent;
        var gaps = new Gaps();
        foreach (var room in sent.GroupBy(static message => message.Room))
            gaps.Add(Gaps.Longest(room.Where(static message => message.AckedAt > 0).Select(static message => message.AckedAt), sent[0].Due, sent[^1].Due));
        run.Board.Note($"longest gap between acks of a room, by room: {gaps}");
        var latency = new Gaps();
        foreach (var message in sent)
            latency.Add(((message.AckedAt > 0 ? message.AckedAt : run.History.Now) - message.Due) / 1e6);
        run.Board.Note($"from due to acked: {latency}");
        run.Board.Note(string.Create(CultureInfo.InvariantCulture, $"store away {injector.StoreOutages.Count} times, {injector.StoreOutages.Sum(static outage => (outage.To - outage.From) / 1e6):0.0} s in all"));
        var share = Availability.Of(sent, injector.StoreOutages, 5_000_000);
        run.Board.Check(share >= 0.97 || !options.IsLong, string.Create(CultureInfo.InvariantCulture, $"outside the store's outages sends succeed within 5 s for {share:0.0%} of the time (97 %{(options.IsLong ? "" : "; counted in the long form")})"));
    }
}
