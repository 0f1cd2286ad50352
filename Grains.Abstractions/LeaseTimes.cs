namespace ChitChatz.Grains.Abstractions;

/// <summary>The times that both ends of a lease must agree on.</summary>
public static class LeaseTimes
{
    /// <summary>How long a gateway's lease on a room, a directory shard or the registry lasts: three renewals and a second.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(25);

    /// <summary>How often it is renewed.</summary>
    public static readonly TimeSpan Renewal = TimeSpan.FromSeconds(8);

    /// <summary>How often a silo shows a sign of life on each inbox.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    /// <summary>How often a session asserts its name again; an idle UserGrain is collected after three of these.</summary>
    public static readonly TimeSpan NameRenewal = TimeSpan.FromMinutes(5);

    /// <summary>For how long a lost session may be re-entered by token alone.</summary>
    public static readonly TimeSpan ReEntry = TimeSpan.FromMinutes(2);
}
