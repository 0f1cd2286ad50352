using ChitChatz.Grains.Abstractions;
using ChitChatz.Storage;
using Microsoft.Extensions.Logging;

namespace ChitChatz.Grains.Gateways;

/// <summary>
/// Puts this silo's sign of life into every gateway's inbox each second, and at once when the cluster changed; and keeps the silo's copy of
/// the registry.
/// </summary>
internal sealed class InboxHeartbeat(
    IInboxes inboxes,
    LiveGatewayCache gateways,
    IClusterMembershipService membership,
    ILocalSiloDetails silo,
    ILogWriter log,
    TimeProvider time,
    ILogger<InboxHeartbeat> logger) : SiloLoop(logger)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(2);

    private readonly string _silo = silo.SiloAddress.ToParsableString();
    private volatile SiloHeartbeat? _heartbeat;

    // Loops of their own: a registry that is slow to answer may not stop the heart.
    protected override Task RunAsync(CancellationToken stopping) =>
        Task.WhenAll(BeatAsync(stopping), TellChangesAsync(stopping), RefreshAsync(stopping));

    private async Task BeatAsync(CancellationToken stopping)
    {
        using PeriodicTimer timer = new(LeaseTimes.Heartbeat, time);
        do
        {
            await TellAsync(stopping);
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    // A gateway that hears of a dead silo repeats its calls at once, which may wait for an answer from there.
    private async Task TellChangesAsync(CancellationToken stopping)
    {
        await foreach (ClusterMembershipSnapshot _ in membership.MembershipUpdates.WithCancellation(stopping))
            await TellAsync(stopping);
    }

    private async Task TellAsync(CancellationToken stopping)
    {
        SiloHeartbeat heartbeat = Heartbeat();
        foreach (GatewayId gateway in gateways.Current)
            await inboxes.PublishAsync(gateway, heartbeat).AsTask().WaitAsync(LeaseTimes.Heartbeat, time, stopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RefreshAsync(CancellationToken stopping)
    {
        using PeriodicTimer timer = new(Refresh, time);
        do
        {
            try
            {
                await gateways.RefreshAsync().WaitAsync(stopping);
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                logger.RegistrySilent(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private SiloHeartbeat Heartbeat()
    {
        ClusterMembershipSnapshot snapshot = membership.CurrentSnapshot;
        string? problem = log.Health.Problem;
        if (_heartbeat is { } last && last.MembershipVersion == snapshot.Version.Value && last.LogProblem == problem)
            return last;

        List<string> active = [];
        foreach (ClusterMember member in snapshot.Members.Values)
        {
            if (member.Status == SiloStatus.Active)
                active.Add(member.SiloAddress.ToParsableString());
        }

        active.Sort(StringComparer.Ordinal);
        return _heartbeat = new SiloHeartbeat(_silo, snapshot.Version.Value, [.. active], problem);
    }
}
