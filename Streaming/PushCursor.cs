using Orleans.Streams;

namespace ChitChatz.Streaming;

/// <summary>
/// One subscription's place in its stream's ring. The agent takes up to a batch, delivers it, and comes back for the next: its
/// coming back is the only sign that the batch was delivered or given up.
/// </summary>
internal sealed class PushCursor : IQueueCacheCursor
{
    private readonly StreamRing _ring;
    private readonly int _batchSize;
    private readonly StreamingCounters _counters;
    private PushBatchContainer? _current;
    private long _next;
    private int _taken;
    private bool _complete;
    private bool _failed;
    private bool _disposed;

    public PushCursor(StreamRing ring, long next, int batchSize, StreamingCounters counters)
    {
        (_ring, _next, _batchSize, _counters) = (ring, next, batchSize, counters);
        Settled = ring.SequenceBefore(next);
        ring.Attach(this);
    }

    /// <summary>The index of the next item to take.</summary>
    public long Next => _next;

    /// <summary>Everything up to this sequence is behind the subscriber.</summary>
    public long Settled { get; private set; }

    public QueueCacheCursorMoveResult MoveNextWithResult() =>
        Move() ? QueueCacheCursorMoveResult.Success : QueueCacheCursorMoveResult.NoData;

    [Obsolete("Orleans calls MoveNextWithResult.")]
    public bool MoveNext() => Move();

    public IBatchContainer? GetCurrent(out Exception? exception)
    {
        exception = null;
        return _current;
    }

    /// <summary>New items came. They are in the ring, where the next move finds them.</summary>
    public void Refresh(StreamSequenceToken token)
    {
    }

    public void RecordDeliveryFailure() => _failed = true;

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _ring.Detach(this);
    }

    private bool Move()
    {
        if (_disposed)
            return false;
        if (_complete)
            Finish();

        _current = _ring.Take(ref _next);
        if (_current is null)
        {
            // With items in hand this ends the batch; without, the subscriber has them all.
            _complete = _taken > 0;
            if (!_complete)
                _ring.Trim();
            return false;
        }

        _complete = ++_taken == _batchSize;
        return true;
    }

    private void Finish()
    {
        if (!_failed)
            _counters.Delivered(_taken);
        (_taken, _complete, _failed) = (0, false, false);
        Settled = _ring.SequenceBefore(_next);
        _ring.Settled();
    }
}
