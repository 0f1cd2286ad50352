using ChitChatz.Chaos.Clients;
using ChitChatz.Chaos.Cluster;
using ChitChatz.Chaos.Report;

namespace ChitChatz.Chaos.Scenarios;

/// <summary>T6: how long nothing succeeds after each kind of fault, for those whom it hits and for everybody else.</summary>
internal static class TimeToRecover
{
    private const int Rate = 200;

    // Of the long form: new processes compile for about a minute, with everything that they have, and a fault would measure that.
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(Options options, Scoreboard board, CancellationToken cancellationToken)
    {
        if (options.Burner is { } minutes)
        {
            await Burner.RunAsync(options, board, TimeSpan.FromMinutes(minutes), cancellationToken);
            return;
        }

        board.Title($"T6 time to recover; seed {options.Seed}");

        // Among all scenarios the first has killed the store and everything already.
        RecoveryKind[] kinds = [.. RecoveryKind.All.Where(kind => options.Scenario == "all" ? kind.Silo || kind.Gateway : options.Only is null || kind.Name == options.Only)];
        await using var run = await ClusterRun.StartAsync("t6", options, board, ClusterShape.Usual, cancellationToken);
        await run.AddUsualUsersAsync(cancellationToken);
        run.Talk(options.Rate ?? Rate);
        var runs = options.Runs ?? (options.IsLong ? 30 : 1);
        if (options.IsLong)
            await Task.Delay(s_settle, cancellationToken);
        foreach (var kind in kinds)
            await RunKindAsync(run, kind, runs, cancellationToken);
        await run.ConvergeAsync(cancellationToken);
        await run.FinishAsync(cancellationToken);
    }

    private static async Task RunKindAsync(ClusterRun run, RecoveryKind kind, int runs, CancellationToken cancellationToken)
    {
        Dictionary<Side, Gaps> gaps = new() { [Side.Victims] = new(), [Side.Others] = new() };
        Dictionary<Side, Gaps> coming = new() { [Side.Victims] = new(), [Side.Others] = new() };
        for (var i = 0; i < runs; i++)
        {
            var recovery = new Recovery(run, kind);
            await recovery.RunAsync(cancellationToken);
            Add(gaps, recovery.Gaps);
            Add(coming, recovery.GapsWhileComingBack);
            run.Board.Note($"{kind.Name} {i + 1}/{runs}: {recovery}");
        }

        run.Board.Note($"{kind.Name}, {Who(kind, Side.Victims)}: {gaps[Side.Victims]}");
        if (kind.Silo || kind.Gateway)
            run.Board.Note($"{kind.Name}, {Who(kind, Side.Others)}: {gaps[Side.Others]}");
        run.Board.Note($"{kind.Name}, all, while what was down comes back: {coming[Side.Others]}");
        foreach (var (side, seconds) in kind.Budgets)
        {
            // A few runs have no percentile; the worst is shown then, which is no less.
            var p99 = kind.Name == RecoveryKind.Kill && side == Side.Victims && runs >= 30;
            run.Board.Budget($"{kind.Name}, {Who(kind, side)}, {(p99 ? "p99" : "worst")}", p99 ? gaps[side].Percentile(99) : gaps[side].Max, seconds, "s");
        }
    }

    private static void Add(Dictionary<Side, Gaps> all, Dictionary<Side, double> some)
    {
        foreach (var (side, seconds) in some)
            all[side].Add(seconds);
    }

    private static string Who(RecoveryKind kind, Side side) => (kind, side) switch
    {
        ({ Gateway: true }, Side.Victims) => "its users, until back and caught up",
        ({ Silo: true, Gateway: true }, _) => "users of other gateways, delay of a message",
        ({ Gateway: true }, _) => "users of other gateways",
        ({ Silo: true }, Side.Victims) => "its rooms",
        ({ Silo: true }, _) => "other rooms",
        _ => "all rooms",
    };
}
