namespace ChitChatz.Grains.Abstractions;

/// <summary>
/// Which gateways live. One grain (key 0), leases of 25 s renewed every 8 s; soft state.
/// Silos ask it whom to send heartbeats and <see cref="RoomMoved"/> to, and whether the holder of a name still exists.
/// </summary>
[Alias("chitchatz.IGatewayRegistryGrain")]
public interface IGatewayRegistryGrain : IGrainWithIntegerKey
{
    /// <summary>Takes or renews a gateway's lease.</summary>
    [Alias("Renew")]
    Task Renew(GatewayId gateway);

    /// <summary>Gives the lease back.</summary>
    [Alias("Release")]
    Task Release(GatewayId gateway);

    /// <summary>Tells a gateway's keys; gives how many gateways with a lease there are whose tokens it refuses, or who refuse its own.</summary>
    [Alias("CompareKeys")]
    Task<int> CompareKeys(GatewayId gateway, KeyNames keys);

    /// <summary>The gateways with a lease.</summary>
    [Alias("GetLive")]
    Task<LiveGateways> GetLive();
}

/// <summary>The gateways that live.</summary>
/// <param name="WarmingUp">True while a fresh activation may not know all of them yet; nobody may be taken for dead then.</param>
/// <param name="Gateways">Those with a lease.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.LiveGateways")]
public sealed record LiveGateways([property: Id(0)] bool WarmingUp, [property: Id(1)] GatewayId[] Gateways);
