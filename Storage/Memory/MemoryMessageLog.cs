using System.Diagnostics.CodeAnalysis;
using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Storage.Memory;

/// <summary>
/// A log that lives as long as its process: for trying things out, for tests, and for rooms whose past does not matter.
/// Each start has a new base epoch, so that clients learn that their positions mean nothing any more.
/// Keeps the newest <see cref="MessagesPerRoom"/> messages of each room, and knows the ids of these alone.
/// </summary>
public sealed partial class MemoryMessageLog : IMessageLog, ILogRetention
{
    /// <summary>How many messages of a room are kept; the oldest go first.</summary>
    public const int MessagesPerRoom = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, MemoryRoom> _rooms = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly int _messagesPerRoom;
    private long _epoch;

    /// <summary>Makes an empty log.</summary>
    /// <param name="time">Gives the base epoch: the milliseconds since the Unix epoch at the opening.</param>
    public MemoryMessageLog(TimeProvider time)
        : this(time, MessagesPerRoom)
    {
    }

    internal MemoryMessageLog(TimeProvider time, int messagesPerRoom)
    {
        _time = time;
        _messagesPerRoom = messagesPerRoom;
    }

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            _epoch = Math.Max(1, _time.GetUtcNow().ToUnixTimeMilliseconds());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<AppendResult>> CommitAsync(IReadOnlyList<AppendBatch> batches, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        AppendChecks.CheckAll(batches);
        return Locked<IReadOnlyList<AppendResult>>(() => [.. batches.Select(Append)]);
    }

    /// <inheritdoc/>
    public Task ProbeAsync(CancellationToken cancellationToken) => Locked(static () => true);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RoomHead>> ReadHeadsAsync(IReadOnlyList<string> rooms, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<RoomHead>>(() =>
            [.. rooms.Select(key => Find(key, out var room) ? new RoomHead(room.Epoch, room.Head, room.Name) : new RoomHead(_epoch, 0, null))]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ChatMessage>> ReadAfterAsync(
        string room, long epoch, long after, int limit, int maxBytes, CancellationToken cancellationToken) =>
        Locked(() => Find(room, out var found) && epoch == found.Epoch ? found.ReadAfter(after, limit, maxBytes) : []);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ChatMessage>> ReadBeforeAsync(
        string room, long epoch, long before, int limit, int maxBytes, CancellationToken cancellationToken) =>
        Locked(() => Find(room, out var found) && epoch == found.Epoch ? found.ReadBefore(before, limit, maxBytes) : []);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ChatMessage?>> FindAsync(string room, IReadOnlyList<MessageKey> keys, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<ChatMessage?>>(() => [.. keys.Select(key => Find(room, out var found) ? found.Find(key) : null)]);

    /// <summary>Forgets everything.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _epoch = 0;
            _rooms.Clear();
        }

        return ValueTask.CompletedTask;
    }

    private AppendResult Append(AppendBatch batch)
    {
        var known = Find(batch.Room, out var room);
        if (batch.Epoch != (room?.Epoch ?? _epoch) || batch.Messages[0].Seq != (room?.Head ?? 0) + 1)
            return AppendResult.Fenced;

        if (room is not null && room.FindAll(batch.Messages) is { Count: > 0 } duplicates)
            return new AppendResult(AppendStatus.Duplicates, duplicates);

        if (!known)
            _rooms[batch.Room] = room = new MemoryRoom(batch.RoomName, _epoch, _messagesPerRoom);
        foreach (var message in batch.Messages)
            room!.Add(message);
        return AppendResult.Committed;
    }

    private bool Find(string key, [NotNullWhen(true)] out MemoryRoom? room) => _rooms.TryGetValue(key, out room);

    private Task<T> Locked<T>(Func<T> work)
    {
        lock (_gate)
        {
            return _epoch == 0
                ? Task.FromException<T>(new LogUnavailableException("The in-memory log is not open.", outcomeUnclear: false))
                : Task.FromResult(work());
        }
    }
}
