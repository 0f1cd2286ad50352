using Microsoft.Extensions.Logging;

namespace ChitChatz.Grains.Names;

/// <summary>When the cluster last lost a silo, and with it what its grains knew.</summary>
internal sealed class SiloLossClock(IClusterMembershipService membership, TimeProvider time, ILogger<SiloLossClock> logger) : SiloLoop(logger)
{
    /// <summary>Gateways assert their names within 2 s of a loss; the third second is for the way.</summary>
    internal static readonly TimeSpan Hold = TimeSpan.FromSeconds(3);

    /// <summary>A grain may be activated anew a moment before this silo hears why.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private readonly SiloLosses _losses = new();
    private long _lostAt;
    private int _lost;

    /// <summary>Waits until a fresh grain may speak for a name that nobody asserted; at once for a grain from before the loss.</summary>
    public async ValueTask HoldAsync(long activatedAt)
    {
        while (Volatile.Read(ref _lost) == 1)
        {
            long lostAt = Volatile.Read(ref _lostAt);
            TimeSpan left = Hold - time.GetElapsedTime(lostAt);
            if (left <= TimeSpan.Zero || time.GetElapsedTime(activatedAt, lostAt) > Slack)
                return;

            await Task.Delay(left, time);
        }
    }

    /// <summary>Notes a loss, now.</summary>
    internal void Lost()
    {
        Volatile.Write(ref _lostAt, time.GetTimestamp());
        Volatile.Write(ref _lost, 1);
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await foreach (ClusterMembershipSnapshot snapshot in membership.MembershipUpdates.WithCancellation(stopping))
        {
            if (_losses.Sees(snapshot))
                Lost();
        }
    }
}
