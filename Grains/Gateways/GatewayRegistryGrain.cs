using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Grains.Gateways;

/// <summary>The one registry of gateways. Every silo asks it every two seconds, so it stays active.</summary>
internal sealed class GatewayRegistryGrain(TimeProvider time) : Grain, IGatewayRegistryGrain
{
    // A gateway renews every 8 s, so after 10 s each living one has called.
    private readonly GatewayLeases _leases = new(time, TimeSpan.FromSeconds(10));
    private readonly Dictionary<GatewayId, KeyNames> _keys = [];

    public Task Renew(GatewayId gateway)
    {
        _leases.Renew(gateway);
        return Task.CompletedTask;
    }

    public Task Release(GatewayId gateway)
    {
        _leases.Release(gateway);
        return Task.CompletedTask;
    }

    public Task<int> CompareKeys(GatewayId gateway, KeyNames keys)
    {
        _keys[gateway] = keys;
        GatewayId[] live = _leases.Live();
        foreach (GatewayId gone in _keys.Keys.Except(live).ToArray())
            _keys.Remove(gone);
        return Task.FromResult(_keys.Values.Count(other => !other.Match(keys)));
    }

    public Task<LiveGateways> GetLive() => Task.FromResult(new LiveGateways(_leases.WarmingUp, _leases.Live()));
}
