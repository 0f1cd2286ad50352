using ChitChatz.Grains.Abstractions;
using ChitChatz.Storage;

namespace ChitChatz.Tests.Guarantees;

/// <summary>A log over another one; tests override what they break.</summary>
internal class DecoratedLog(IMessageLog inner) : IMessageLog, ILogRetention
{
    protected IMessageLog Inner => inner;

    public virtual Task OpenAsync(CancellationToken cancellationToken) => inner.OpenAsync(cancellationToken);

    public virtual Task<IReadOnlyList<AppendResult>> CommitAsync(IReadOnlyList<AppendBatch> batches, CancellationToken cancellationToken)
        => inner.CommitAsync(batches, cancellationToken);

    public virtual Task<IReadOnlyList<RoomHead>> ReadHeadsAsync(IReadOnlyList<string> rooms, CancellationToken cancellationToken)
        => inner.ReadHeadsAsync(rooms, cancellationToken);

    public virtual Task<IReadOnlyList<ChatMessage>> ReadAfterAsync(string room, long epoch, long after, int limit, int maxBytes, CancellationToken cancellationToken)
        => inner.ReadAfterAsync(room, epoch, after, limit, maxBytes, cancellationToken);

    public virtual Task<IReadOnlyList<ChatMessage>> ReadBeforeAsync(string room, long epoch, long before, int limit, int maxBytes, CancellationToken cancellationToken)
        => inner.ReadBeforeAsync(room, epoch, before, limit, maxBytes, cancellationToken);

    public virtual Task<IReadOnlyList<ChatMessage?>> FindAsync(string room, IReadOnlyList<MessageKey> keys, CancellationToken cancellationToken)
        => inner.FindAsync(room, keys, cancellationToken);

    public virtual Task ProbeAsync(CancellationToken cancellationToken) => inner.ProbeAsync(cancellationToken);

    public Task<IReadOnlyList<RoomSpan>> ReadSpansAsync(string? afterRoom, int limit, CancellationToken cancellationToken)
        => ((ILogRetention)inner).ReadSpansAsync(afterRoom, limit, cancellationToken);

    public Task<int> TrimAsync(string room, long epoch, long below, long takenBefore, int limit, CancellationToken cancellationToken)
        => ((ILogRetention)inner).TrimAsync(room, epoch, below, takenBefore, limit, cancellationToken);

    public Task<long?> ForgetAsync(string room, long epoch, long head, CancellationToken cancellationToken)
        => ((ILogRetention)inner).ForgetAsync(room, epoch, head, cancellationToken);

    public Task<int> SweepAsync(int limit, CancellationToken cancellationToken) => ((ILogRetention)inner).SweepAsync(limit, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
