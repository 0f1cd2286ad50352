namespace ChitChatz.Storage.Memory;

public sealed partial class MemoryMessageLog
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<RoomSpan>> ReadSpansAsync(string? afterRoom, int limit, CancellationToken cancellationToken) => Locked<IReadOnlyList<RoomSpan>>(() =>
    [
        .. _rooms.Where(room => string.CompareOrdinal(room.Key, afterRoom) > 0).OrderBy(room => room.Key, StringComparer.Ordinal).Take(limit)
            .Select(room => new RoomSpan(room.Key, room.Value.Epoch, room.Value.IsEmpty ? 0 : room.Value.Oldest, room.Value.Head)),
    ]);

    /// <inheritdoc/>
    public Task<int> TrimAsync(string room, long epoch, long below, long takenBefore, int limit, CancellationToken cancellationToken) =>
        Locked(() => Find(room, out var found) && found.Epoch == epoch ? found.Trim(below, takenBefore, limit) : 0);

    /// <inheritdoc/>
    public Task<long?> ForgetAsync(string room, long epoch, long head, CancellationToken cancellationToken) => Locked<long?>(() =>
    {
        if (head == 0 || !Find(room, out var found) || found.Epoch != epoch || found.Head != head)
            return null;

        var next = Math.Max(epoch + 1, _time.GetUtcNow().ToUnixTimeMilliseconds());
        _rooms[room] = new MemoryRoom(found.Name, next, _messagesPerRoom);
        return next;
    });

    /// <summary>Nothing is left to sweep: a forgotten life is gone at once.</summary>
    public Task<int> SweepAsync(int limit, CancellationToken cancellationToken) => Task.FromResult(0);
}
