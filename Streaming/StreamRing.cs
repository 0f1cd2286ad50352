using Orleans.Runtime;

namespace ChitChatz.Streaming;

/// <summary>
/// The newest items of one stream, from the oldest that a cursor still needs, bounded in items. Items are addressed by their
/// index in the stream as this ring saw it; an index never means another item.
/// </summary>
internal sealed class StreamRing(StreamId stream, int capacity, int tail, StreamProgress progress)
{
    private const int Smallest = 16;

    private readonly List<PushCursor> _cursors = [];
    private PushBatchContainer?[] _slots = [];
    private long _first;

    /// <summary>The index after the newest item.</summary>
    public long End { get; private set; }

    /// <summary>The newest sequence there ever was; 0 before the first.</summary>
    public long LastSequence { get; private set; }

    /// <summary>When the newest item came, as a timestamp of the cache's clock.</summary>
    public long LastAppend { get; private set; }

    public int Count => (int)(End - _first);

    public bool HasReaders => _cursors.Count > 0;

    public void Attach(PushCursor cursor) => _cursors.Add(cursor);

    public void Detach(PushCursor cursor)
    {
        _cursors.Remove(cursor);
        Trim();
        Settled();
    }

    /// <summary>Adds the newest item; returns how many a reader lost by it (0 or 1).</summary>
    public int Append(PushBatchContainer item, long now)
    {
        int evicted = 0;
        if (Count == capacity)
        {
            Trim();
            if (Count == capacity)
            {
                Release(_first + 1);
                evicted = 1;
            }
        }

        if (Count == _slots.Length)
            Resize(Math.Min(capacity, Math.Max(Smallest, _slots.Length * 2)));
        _slots[End++ % _slots.Length] = item;
        LastSequence = item.Sequence;
        LastAppend = now;
        return evicted;
    }

    /// <summary>The item at the index, or the oldest after it when that one is gone; the index moves behind it.</summary>
    public PushBatchContainer? Take(ref long next)
    {
        next = Math.Max(next, _first);
        return next < End ? _slots[next++ % _slots.Length] : null;
    }

    /// <summary>The index of the oldest item that has at least this sequence; <see cref="End"/> when there is none.</summary>
    public long IndexOf(long sequence)
    {
        long low = _first, high = End;
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            if (_slots[middle % _slots.Length]!.Sequence < sequence)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>The sequence of the newest item before the index, as far as this ring knows.</summary>
    public long SequenceBefore(long index) =>
        index >= End ? LastSequence : _slots[Math.Max(index, _first) % _slots.Length]!.Sequence - 1;

    /// <summary>
    /// Lets go of what all cursors have passed. A short tail stays: a subscriber whose handshake is under way gets its cursor
    /// only after it, but for items from before it.
    /// </summary>
    public void Trim()
    {
        long needed = End - tail;
        foreach (PushCursor cursor in _cursors)
            needed = Math.Min(needed, cursor.Next);
        Release(needed);
        if (!HasReaders)
            Settled();
    }

    /// <summary>Tells those who wait for this stream how far its slowest reader is; without readers there is nothing to wait for.</summary>
    public void Settled()
    {
        long sequence = LastSequence;
        foreach (PushCursor cursor in _cursors)
            sequence = Math.Min(sequence, cursor.Settled);
        progress.Settle(stream, sequence);
    }

    private void Release(long needed)
    {
        for (; _first < needed; _first++)
            _slots[_first % _slots.Length] = null;
        // A burst's memory goes with the burst.
        if (_slots.Length > 16 * Smallest && Count <= _slots.Length / 8)
            Resize(_slots.Length / 4);
    }

    private void Resize(int length)
    {
        var slots = new PushBatchContainer?[length];
        for (long i = _first; i < End; i++)
            slots[i % length] = _slots[i % _slots.Length];
        _slots = slots;
    }
}
