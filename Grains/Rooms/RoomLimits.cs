namespace ChitChatz.Grains.Rooms;

/// <summary>How much one room may hold in memory. Whatever comes above is refused as overloaded, never queued.</summary>
public sealed record RoomLimits
{
    /// <summary>Drafts that may wait behind the append in flight: four Posts of the largest size.</summary>
    public int WaitingDrafts { get; init; } = 16_384;

    /// <summary>Bytes of text that may wait behind the append in flight.</summary>
    public int WaitingBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Messages in one append: enough that a hot room commits rarely, few enough that it does not hold up the others' group commit.</summary>
    public int BatchMessages { get; init; } = 1_024;

    /// <summary>Bytes of text in one append (at least one message goes, whatever its size).</summary>
    public int BatchBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes of text in one pushed item, so that one room's burst does not hold up an inbox.</summary>
    public int PushBytes { get; init; } = 256 * 1024;

    /// <summary>Lost sessions that a room remembers for re-entry; further ones must join anew.</summary>
    public int LostSessions { get; init; } = 16_384;

    /// <summary>The longest time between two looks at the leases of a room with members. A lapse is seen when it is due, or at the next look.</summary>
    public TimeSpan LeaseCheck { get; init; } = TimeSpan.FromSeconds(25);
}
