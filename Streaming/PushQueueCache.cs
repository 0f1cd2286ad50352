using Orleans.Runtime;
using Orleans.Streams;

namespace ChitChatz.Streaming;

/// <summary>
/// What one agent holds of its queue: a ring per stream. Never under pressure: a slow subscriber loses its oldest items and
/// repairs the hole, and the other streams of the queue do not notice. All calls come from the agent's own turns.
/// </summary>
internal sealed class PushQueueCache(StreamProgress progress, PushStreamOptions options, StreamingCounters counters, TimeProvider time) : IQueueCache
{
    private readonly Dictionary<StreamId, StreamRing> _streams = [];
    private readonly HashSet<StreamRing> _touched = [];
    private long _swept = time.GetTimestamp();

    // One read may not push out what it has itself just brought.
    public int GetMaxAddCount() => Math.Min(options.StreamCacheCapacity, 1_024);

    public bool IsUnderPressure() => false;

    public void AddToCache(IList<IBatchContainer> messages)
    {
        long now = time.GetTimestamp();
        long evicted = 0;
        foreach (IBatchContainer message in messages)
        {
            StreamRing ring = Ring(message.StreamId);
            evicted += ring.Append((PushBatchContainer)message, now);
            _touched.Add(ring);
        }

        if (evicted > 0)
            counters.Evicted(evicted);
    }

    /// <summary>The agent's housekeeping before each read. It has nothing to report: no receiver acknowledges anything.</summary>
    public bool TryPurgeFromCache(out IList<IBatchContainer> purgedItems)
    {
        purgedItems = [];
        foreach (StreamRing ring in _touched)
            ring.Trim();
        _touched.Clear();
        Sweep();
        return false;
    }

    [Obsolete("Orleans calls TryGetCacheCursor.")]
    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token) => NewCursor(streamId, token);

    public QueueCacheCursorResult<IQueueCacheCursor> TryGetCacheCursor(StreamId streamId, StreamSequenceToken? token) =>
        QueueCacheCursorResult<IQueueCacheCursor>.FromCursor(NewCursor(streamId, token));

    // Without a token a subscriber starts at what comes next. A token whose item is gone means the oldest one kept and is no
    // cache miss, which the agent would report to the observer as an error: the observer sees the hole in its own numbers.
    private PushCursor NewCursor(StreamId stream, StreamSequenceToken? token)
    {
        StreamRing ring = Ring(stream);
        return new PushCursor(ring, token is null ? ring.End : ring.IndexOf(token.SequenceNumber), options.BatchSize, counters);
    }

    private StreamRing Ring(StreamId stream)
    {
        if (!_streams.TryGetValue(stream, out StreamRing? ring))
            _streams.Add(stream, ring = new StreamRing(stream, options.StreamCacheCapacity, options.BatchSize, progress));
        return ring;
    }

    // Streams come and go, with every gateway process; a ring that nobody reads is forgotten once no handshake can still want it.
    private void Sweep()
    {
        TimeSpan patience = 2 * options.MaxEventDeliveryTime;
        if (time.GetElapsedTime(_swept) < patience)
            return;
        _swept = time.GetTimestamp();
        foreach ((StreamId stream, StreamRing ring) in _streams)
        {
            if (!ring.HasReaders && time.GetElapsedTime(ring.LastAppend) >= patience)
                _streams.Remove(stream);
        }
    }
}
