namespace ChitChatz.Grains.Rooms;

/// <summary>What became of a draft that was offered to <see cref="RoomAppends"/>.</summary>
internal enum TakeOutcome
{
    /// <summary>It waits for its append.</summary>
    Taken,

    /// <summary>Its id is in flight; it shares that outcome.</summary>
    Shared,

    /// <summary>Nothing of its id is in flight, and it may not be stored.</summary>
    NotAllowed,

    /// <summary>The room has more waiting than it may hold.</summary>
    Full,
}
