namespace ChitChatz.Storage;

/// <summary>
/// The silo's one way to append and to read heads. Gathers what all rooms want at the moment and does it at once (group commit).
/// </summary>
public interface ILogWriter
{
    /// <summary>
    /// Appends a room's batch; ends when its outcome is certain. Never throws for the store's troubles: after an unclear
    /// commit the room's rows are read back, again and again with backoff, until they are found (Committed), found to be
    /// somebody else's (Fenced), or absent (appended again, or Failed when the store says a definite no). A second append of a room while one is under way is Failed at once.
    /// Failed at once when too much is under way, before the start, and after the stop.
    /// </summary>
    /// <exception cref="ArgumentException">The batch is empty, its seqs are not dense, or it brings a key twice: a bug.</exception>
    /// <exception cref="LogUnavailableException">The writer was stopped, with no more patience, before an unclear outcome was found out.</exception>
    Task<AppendResult> AppendAsync(AppendBatch batch);

    /// <summary>Whether the log did its work the last time it was asked.</summary>
    LogHealth Health { get; }

    /// <summary>A room's head, read from the store in one query with all others asked for in the same tick. Throws <see cref="LogUnavailableException"/>.</summary>
    Task<RoomHead> ReadHeadAsync(string room);
}
