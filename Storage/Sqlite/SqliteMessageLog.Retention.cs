namespace ChitChatz.Storage.Sqlite;

public sealed partial class SqliteMessageLog
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<RoomSpan>> ReadSpansAsync(string? afterRoom, int limit, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.Spans(afterRoom ?? "", limit), cancellationToken);

    /// <inheritdoc/>
    public Task<int> TrimAsync(string room, long epoch, long below, long takenBefore, int limit, CancellationToken cancellationToken) =>
        DeleteAsync(retention => retention.Trim(room, epoch, below, takenBefore, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<long?> ForgetAsync(string room, long epoch, long head, CancellationToken cancellationToken) =>
        DeleteAsync(retention => retention.Forget(room, epoch, head, _time.GetUtcNow().ToUnixTimeMilliseconds()), cancellationToken);

    /// <inheritdoc/>
    public Task<int> SweepAsync(int limit, CancellationToken cancellationToken) => DeleteAsync(retention => retention.Sweep(limit), cancellationToken);

    // On the thread of the commits: a slice runs between two of them.
    private Task<T> DeleteAsync<T>(Func<SqliteRetention, T> delete, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowUnlessOpen();
        return _thread.RunAsync(() => Write(writer => delete(writer.Retention)));
    }
}
