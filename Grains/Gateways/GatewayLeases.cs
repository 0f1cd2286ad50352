using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Grains.Gateways;

/// <summary>Leases of gateways. While it warms up, a gateway that is missing may only not have called yet.</summary>
internal sealed class GatewayLeases(TimeProvider time, TimeSpan warmUp)
{
    private readonly long _startedAt = time.GetTimestamp();
    private readonly Dictionary<GatewayId, long> _renewedAt = [];

    public bool WarmingUp => time.GetElapsedTime(_startedAt) < warmUp;

    public int Count => _renewedAt.Count;

    public void Renew(GatewayId gateway) => _renewedAt[gateway] = time.GetTimestamp();

    public void Release(GatewayId gateway) => _renewedAt.Remove(gateway);

    /// <summary>The gateways with a lease; drops the others.</summary>
    public GatewayId[] Live()
    {
        // Removal does not disturb an enumeration of this dictionary.
        foreach ((GatewayId gateway, long renewedAt) in _renewedAt)
        {
            if (time.GetElapsedTime(renewedAt) >= LeaseTimes.Lease)
                _renewedAt.Remove(gateway);
        }

        return [.. _renewedAt.Keys];
    }
}
