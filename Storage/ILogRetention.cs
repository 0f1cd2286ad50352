namespace ChitChatz.Storage;

/// <summary>
/// Deleting, for retention and for rooms that are forgotten; every form of <see cref="IMessageLog"/> has it. Nothing here is in the way of
/// commits for longer than one short slice. Anything that the store refuses comes as a <see cref="LogUnavailableException"/>.
/// </summary>
public interface ILogRetention
{
    /// <summary>A page of the rooms, in ordinal order of key, after a key (null: from the first): what each keeps.</summary>
    Task<IReadOnlyList<RoomSpan>> ReadSpansAsync(string? afterRoom, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes a room's oldest messages, up to <paramref name="limit"/>, as long as they stand below <paramref name="below"/> and were taken
    /// before <paramref name="takenBefore"/> (Unix ms); stops at the first that stays, so that what stays is dense. Never the newest.
    /// Gives how many were deleted; 0 also when the epoch is not the room's.
    /// </summary>
    Task<int> TrimAsync(string room, long epoch, long below, long takenBefore, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Ends a room's life: from now on it is empty, in a new epoch, and ids may be used again. Null, and nothing is done, unless it has
    /// messages and its epoch and head still are the named ones. Quick whatever the room's size: <see cref="SweepAsync"/> deletes the rows.
    /// </summary>
    Task<long?> ForgetAsync(string room, long epoch, long head, CancellationToken cancellationToken);

    /// <summary>Deletes up to <paramref name="limit"/> messages of lives that are over. Gives how many; 0 means that none is left for now.</summary>
    Task<int> SweepAsync(int limit, CancellationToken cancellationToken);
}

/// <summary>What a room keeps.</summary>
/// <param name="Room">The room's key.</param>
/// <param name="Epoch">Its present epoch.</param>
/// <param name="Oldest">The smallest stored seq of the epoch; 0 when there is none.</param>
/// <param name="Head">The greatest; likewise.</param>
public readonly record struct RoomSpan(string Room, long Epoch, long Oldest, long Head);
