namespace ChitChatz.Hosting.Configuration;

/// <summary>
/// Orleans' timings, <c>Cluster:Timings:…</c>, each from 100 ms to 5 minutes. Orleans' defaults suit calls that may wait;
/// a person in a conversation takes ten seconds of silence for a breakdown.
/// </summary>
public sealed class ClusterTimings
{
    /// <summary>How long a gateway's call to a grain may take; Orleans: 30 s. Its Posts have their own, shorter deadline; this is the backstop.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long a call of a cluster's silo may take: the delivery of a push above all; Orleans: 30 s. A gateway's word that it has a delivery comes back
    /// through any silo, and is lost with it when that is killed: for so long nothing else is then pushed to that gateway from here.
    /// </summary>
    public TimeSpan DeliveryTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the runtime's own calls between silos may take; Orleans: 30 s. More than grain calls, as a start-up makes long ones.</summary>
    public TimeSpan SystemResponseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>After which a silo forgets a gateway that is gone; Orleans: 60 s. Until then its pushes queue up for nobody.</summary>
    public TimeSpan ClientDropTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a silo's neighbour has for a sign of life; Orleans: 5 s, and less when it is usually quick. Three missed ones make it suspect.
    /// A crash is found without them; so this is for frozen silos and cut cables, and long enough for a machine whose cores are all busy.
    /// </summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// How far the runtime may stretch that for a slow neighbour; Orleans: four times. A silo from which anything at all came within three of
    /// these is not suspected. A frozen silo's rooms stand still for so long.
    /// </summary>
    public TimeSpan MaxProbeTimeout { get; set; } = TimeSpan.FromSeconds(1.75);

    /// <summary>How often silos read the membership table when nobody told them of a change; Orleans: 60 s. The price of lost gossip.</summary>
    public TimeSpan TableRefreshTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often a silo writes into the membership table that it lives; Orleans: 30 s. A silo that starts after all were killed waits for
    /// those that wrote within three of these.
    /// </summary>
    public TimeSpan IAmAliveTablePublishTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a gateway looks for silos, also for one that comes back on its old port; Orleans: 60 s.</summary>
    public TimeSpan GatewayListRefreshPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// For how long a grain of a silo that crashed may not be registered anew; Orleans: 30 s, against two activations of one grain.
    /// Zero, because the log's primary key fences those, and a room that is closed for half a minute is the greater harm.
    /// </summary>
    public TimeSpan RangeLeaseDuration { get; set; } = TimeSpan.Zero;

    internal IEnumerable<string> Failures()
    {
        (string Name, TimeSpan Value)[] times =
        [
            (nameof(ResponseTimeout), ResponseTimeout),
            (nameof(DeliveryTimeout), DeliveryTimeout),
            (nameof(SystemResponseTimeout), SystemResponseTimeout),
            (nameof(ClientDropTimeout), ClientDropTimeout),
            (nameof(ProbeTimeout), ProbeTimeout),
            (nameof(MaxProbeTimeout), MaxProbeTimeout),
            (nameof(TableRefreshTimeout), TableRefreshTimeout),
            (nameof(IAmAliveTablePublishTimeout), IAmAliveTablePublishTimeout),
            (nameof(GatewayListRefreshPeriod), GatewayListRefreshPeriod),
        ];
        foreach (var (name, value) in times)
            if (value < TimeSpan.FromMilliseconds(100) || value > TimeSpan.FromMinutes(5))
                yield return $"Cluster:Timings:{name} must be from 00:00:00.1 to 00:05:00; it is {value:c}.";

        if (RangeLeaseDuration < TimeSpan.Zero || RangeLeaseDuration > TimeSpan.FromMinutes(5))
            yield return $"Cluster:Timings:{nameof(RangeLeaseDuration)} must be from 00:00:00 to 00:05:00; it is {RangeLeaseDuration:c}.";
        if (MaxProbeTimeout < ProbeTimeout)
            yield return $"Cluster:Timings:{nameof(ProbeTimeout)} must not be above Cluster:Timings:{nameof(MaxProbeTimeout)}; they are {ProbeTimeout:c} and {MaxProbeTimeout:c}. Set both.";
    }
}
