using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Storage;

/// <summary>
/// The log of all rooms: the only hard state of the service. One primary key (room, epoch, seq) and one unique key (room, sub, id).
/// Implementations are safe for concurrent reads; <see cref="CommitAsync"/> is called by one writer at a time (<see cref="LogWriter"/>).
/// Anything that the store refuses comes as a <see cref="LogUnavailableException"/>, never as the store's own exception.
/// </summary>
public interface IMessageLog : IAsyncDisposable
{
    /// <summary>Opens the store, creates or migrates the schema. Throws <see cref="LogUnavailableException"/> with a text for people.</summary>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Appends the batches of many rooms in one durable commit. Each room's batch is all or nothing, and the trouble of one
    /// (<see cref="AppendStatus.Fenced"/>, <see cref="AppendStatus.Duplicates"/>) leaves the others alone.
    /// One result per batch, in their order. At most one batch per room.
    /// </summary>
    /// <exception cref="LogUnavailableException">Nothing is known to be stored; see <see cref="LogUnavailableException.OutcomeUnclear"/>.</exception>
    Task<IReadOnlyList<AppendResult>> CommitAsync(IReadOnlyList<AppendBatch> batches, CancellationToken cancellationToken);

    /// <summary>
    /// Writes something durable that changes no room: whether a commit would succeed now. Called beside <see cref="CommitAsync"/>. Throws
    /// <see cref="LogUnavailableException"/> when it would not.
    /// </summary>
    Task ProbeAsync(CancellationToken cancellationToken);

    /// <summary>The heads of rooms, one for each key in their order. A room that was never written has head 0 in the log's base epoch.</summary>
    Task<IReadOnlyList<RoomHead>> ReadHeadsAsync(IReadOnlyList<string> rooms, CancellationToken cancellationToken);

    /// <summary>
    /// Up to <paramref name="limit"/> messages above <paramref name="after"/>, oldest first; stops after <paramref name="maxBytes"/> of
    /// texts, but brings at least one message if there is one.
    /// </summary>
    Task<IReadOnlyList<ChatMessage>> ReadAfterAsync(string room, long epoch, long after, int limit, int maxBytes, CancellationToken cancellationToken);

    /// <summary>Up to <paramref name="limit"/> messages below <paramref name="before"/>, the newest of them, in ascending order.</summary>
    Task<IReadOnlyList<ChatMessage>> ReadBeforeAsync(string room, long epoch, long before, int limit, int maxBytes, CancellationToken cancellationToken);

    /// <summary>The message that a sender stored in a room under an id, or null: one for each key in their order.</summary>
    Task<IReadOnlyList<ChatMessage?>> FindAsync(string room, IReadOnlyList<MessageKey> keys, CancellationToken cancellationToken);
}

/// <summary>Names one message of a room for ever, wherever it stands.</summary>
public readonly record struct MessageKey(string Sub, string Id);

/// <summary>Where a room's log stands.</summary>
/// <param name="Epoch">The life of the log; greater than 0, below 2^53.</param>
/// <param name="Head">The newest seq; 0 when empty.</param>
/// <param name="Name">The room's name as first spelled, or null when the room was never written.</param>
public readonly record struct RoomHead(long Epoch, long Head, string? Name);

/// <summary>A batch for one room.</summary>
/// <param name="Room">The room's key.</param>
/// <param name="RoomName">The room's name, stored when the room is written for the first time.</param>
/// <param name="Epoch">The epoch that the writer believes in; another one in the store fences it.</param>
/// <param name="Messages">At least one; ascending and dense seqs.</param>
/// <param name="MayRepeat">
/// Whether some of the ids are likely to stand there already, as in the first batch after another activation's crash. A hint that
/// changes no result: a log for which a conflict is dear looks for the ids first.
/// </param>
public sealed record AppendBatch(string Room, string RoomName, long Epoch, IReadOnlyList<ChatMessage> Messages, bool MayRepeat = false);

/// <summary>How a batch ended.</summary>
public enum AppendStatus
{
    /// <summary>All of it is durable.</summary>
    Committed,

    /// <summary>A seq is taken, or the first is not the head's next, or the epoch is not the room's: somebody else writes this room. Nothing was stored.</summary>
    Fenced,

    /// <summary>Some ids were stored before; nothing of the batch was stored now. <see cref="AppendResult.Duplicates"/> says which.</summary>
    Duplicates,

    /// <summary>The store did not take it, for certain, or it was not tried any more. Nothing was stored. Retryable.</summary>
    Failed,
}

/// <summary>The result of one batch.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Duplicates">For <see cref="AppendStatus.Duplicates"/>: the stored messages whose keys were in the batch; else empty.</param>
public sealed record AppendResult(AppendStatus Status, IReadOnlyList<ChatMessage> Duplicates)
{
    /// <summary>The result of a stored batch.</summary>
    public static AppendResult Committed { get; } = new(AppendStatus.Committed, []);

    /// <summary>The result of a batch whose room somebody else writes.</summary>
    public static AppendResult Fenced { get; } = new(AppendStatus.Fenced, []);

    /// <summary>The result of a batch that certainly is not stored.</summary>
    public static AppendResult Failed { get; } = new(AppendStatus.Failed, []);
}

/// <summary>The store cannot do its work now.</summary>
/// <param name="message">What happened, for people; names the file or host, never a secret.</param>
/// <param name="outcomeUnclear">True when a commit may have happened all the same: read back before the next append.</param>
/// <param name="inner">The store's exception.</param>
public sealed class LogUnavailableException(string message, bool outcomeUnclear, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when a commit may have happened all the same.</summary>
    public bool OutcomeUnclear { get; } = outcomeUnclear;
}
