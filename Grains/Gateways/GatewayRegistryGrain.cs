using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Grains.Gateways;

/// <summary>The one registry of gateways. Every silo asks it every two seconds, so it stays active.</summary>
internal sealed class GatewayRegistryGrain(TimeProvider time) : Grain, IGatewayRegistryGrain
{
    // A gateway renews every 8 s, so after 10 s each living one has called.
    private readonly GatewayLeases _leases = new(time, TimeSpan.FromSeconds(10));

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

    public Task<LiveGateways> GetLive() => Task.FromResult(new LiveGateways(_leases.WarmingUp, _leases.Live()));
}
