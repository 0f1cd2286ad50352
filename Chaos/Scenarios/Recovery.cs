using System.Globalization;
using ChitChatz.Chaos.Clients;
using ChitChatz.Chaos.Cluster;
using ChitChatz.Chaos.Report;

namespace ChitChatz.Chaos.Scenarios;

/// <summary>One fault of T6: wait until all is well, break, measure until all goes on, mend, wait until all is back.</summary>
internal sealed class Recovery(ClusterRun run, RecoveryKind kind)
{
    private const long Second = 1_000_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>What broke last has just been started, and is still compiled while it runs; a fault hits a cluster that has been up for a while.</summary>
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(10);

    private readonly HashSet<string> _rooms = [];
    private ClusterNode? _silo;
    private ClusterNode? _gateway;
    private int _gatewayIndex = -1;

    /// <summary>Seconds without success, from the fault until all went on.</summary>
    public Dictionary<Side, double> Gaps { get; } = [];

    /// <summary>The same from then on until what was down is back.</summary>
    public Dictionary<Side, double> GapsWhileComingBack { get; } = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await SpreadAsync(cancellationToken);
        await Task.Delay(s_settle, cancellationToken);
        await WhenQuietAsync(cancellationToken);
        await ChooseAsync();
        run.History.Fault($"{kind.Name} {_silo?.Name} {_gateway?.Name}");
        var from = run.History.Now;
        var mend = await BreakAsync(cancellationToken);
        await WhenGoingOnAsync(from, cancellationToken);
        var to = run.History.Now;
        Measure(from, to);

        await mend();
        await run.Cluster.WhenReadyAsync(cancellationToken);
        run.History.Fault("mended");
        await Task.Delay(1_000, cancellationToken);
        GapsWhileComingBack[Side.Others] = Longest(static _ => true, to, run.History.Now);
    }

    public override string ToString()
    {
        string[] targets = [.. new[] { _silo?.Name, _gateway?.Name }.OfType<string>()];
        var sides = Gaps.Select(static gap => string.Create(CultureInfo.InvariantCulture, $"{gap.Key} {gap.Value:0.00} s"));
        return $"{string.Join(" and ", targets)}{(_silo is null ? "" : $" with {_rooms.Count} rooms")}: {string.Join(", ", sides)}";
    }

    /// <summary>People on both gateways: those of one that died stay where they went.</summary>
    private async Task SpreadAsync(CancellationToken cancellationToken)
    {
        await run.WhenJoinedAsync(cancellationToken);
        await Task.WhenAll(run.Users.Where((user, i) => user.Gateway != i % run.Cluster.Gateways.Count).Select(static user => user.Joined?.CutAsync() ?? Task.CompletedTask));
        await run.WhenJoinedAsync(cancellationToken);
    }

    private async Task ChooseAsync()
    {
        if (kind.Gateway)
        {
            _gatewayIndex = run.Users.CountBy(static user => user.Gateway).MaxBy(static gateway => gateway.Value).Key;
            _gateway = run.Cluster.Gateways[_gatewayIndex];
        }

        if (!kind.Silo)
            return;
        var owners = await run.Writers!.OwnersAsync();
        _silo = run.Cluster.Silos.MaxBy(silo => owners.Values.Count(owner => owner == silo.Identity))!;
        _rooms.UnionWith(owners.Where(owner => owner.Value == _silo.Identity).Select(static owner => owner.Key));
    }

    /// <summary>Breaks it; gives how it is mended.</summary>
    private async Task<Func<Task>> BreakAsync(CancellationToken cancellationToken)
    {
        switch (kind.Name)
        {
            case RecoveryKind.Freeze:
                var incarnation = _silo!.Incarnation;
                _silo.Freeze();
                return () =>
                {
                    _silo.Thaw();
                    return _silo.WhenRestartedAsync(incarnation, cancellationToken);
                };
            case RecoveryKind.Stop:
                await _silo!.StopAsync();
                return _silo.StartAsync;
            case RecoveryKind.Store:
                // Restarted at once, as a supervisor does; that takes a part of the gap.
                await run.Cluster.Store!.KillAsync();
                await run.Cluster.Store.StartAsync();
                return static () => Task.CompletedTask;
            case RecoveryKind.Everything:
                await Task.WhenAll(run.Cluster.Parts.Select(static part => part.KillAsync()));
                await run.Cluster.Store!.StartAsync();
                foreach (var node in run.Cluster.Nodes)
                    await node.StartAsync();
                return static () => Task.CompletedTask;
            default:
                ClusterNode[] targets = [.. new[] { _silo, _gateway }.OfType<ClusterNode>()];
                await Task.WhenAll(targets.Select(static target => target.KillAsync()));
                return async () =>
                {
                    foreach (var target in targets)
                        await target.StartAsync();
                };
        }
    }

    /// <summary>Ends when, for two seconds, everything was acknowledged within half a second.</summary>
    private Task WhenQuietAsync(CancellationToken cancellationToken) => UntilAsync(
        () =>
        {
            var now = run.History.Now;
            var recent = run.Traffic.SentSince(now - 3 * Second).Where(sent => sent.Due < now - Second).ToArray();
            return recent.Length > 0 && recent.All(static sent => sent.AckedAt > 0 && sent.AckedAt - sent.Due < Second / 2);
        },
        cancellationToken);

    /// <summary>Ends when everybody is in and what was due in the last second, after the fault, was acknowledged within half a second, in each room.</summary>
    private Task WhenGoingOnAsync(long from, CancellationToken cancellationToken) => UntilAsync(
        () =>
        {
            var now = run.History.Now;
            if (now < from + 2 * Second || run.Users.Exists(static user => user.Joined is null))
                return false;

            // Three seconds after a freeze it may still have to begin.
            if (kind.Name == RecoveryKind.Freeze && now < from + 12 * Second)
                return false;
            var recent = run.Traffic.SentSince(now - 2 * Second).Where(sent => sent.Due > from && sent.Due < now - Second / 2).ToArray();
            return recent.Length > 0 && recent.All(static sent => sent.AckedAt > 0 && sent.AckedAt - sent.Due < Second / 2);
        },
        cancellationToken);

    private static async Task UntilAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        // On a busy machine it may never be as quiet as that; then it is measured as it is.
        using var patience = new CancellationTokenSource(s_patience);
        while (!condition() && !patience.IsCancellationRequested)
            await Task.Delay(50, cancellationToken);
    }

    private void Measure(long from, long to)
    {
        if (kind is { Silo: true, Gateway: true })
        {
            Gaps[Side.Others] = run.Traffic.SentSince(from).Where(sent => sent.Gateway != _gatewayIndex && sent.Due < to)
                .Select(sent => ((sent.AckedAt > 0 ? sent.AckedAt : to) - sent.Due) / 1e6).DefaultIfEmpty().Max();
        }
        else if (kind.Gateway)
        {
            Gaps[Side.Others] = Longest(sent => sent.Gateway != _gatewayIndex, from, to);
        }
        else
        {
            Gaps[Side.Victims] = Longest(sent => _rooms.Count == 0 || _rooms.Contains(sent.Room), from, to);
            if (kind.Silo)
                Gaps[Side.Others] = Longest(sent => !_rooms.Contains(sent.Room), from, to);
        }

        if (kind.Gateway)
        {
            Gaps[Side.Victims] = run.Traffic.Comebacks.Where(back => back.LostAt >= from && back.Gateway == _gatewayIndex)
                .Select(back => ((back.Connection.CaughtUpAt > 0 ? back.Connection.CaughtUpAt : to) - from) / 1e6).DefaultIfEmpty().Max();
        }
    }

    /// <summary>The longest gap between acknowledgements of a room, of all rooms with such messages.</summary>
    private double Longest(Func<SentMessage, bool> which, long from, long to) =>
        run.Traffic.SentSince(from - 10 * Second).Where(which).GroupBy(static sent => sent.Room)
            .Select(room => Report.Gaps.Longest(room.Where(static sent => sent.AckedAt > 0).Select(static sent => sent.AckedAt), from, to))
            .DefaultIfEmpty().Max();
}
