namespace ChitChatz.Gateway.Limits;

/// <summary>
/// A bucket for each of many keys that strangers choose. Bounded; when full, first those that are full again go (nothing is lost with
/// them), then any tenth: forgetting a few debts is better than memory without end or strangers refused for nothing. Thread-safe.
/// </summary>
/// <param name="limit">The limit of each key.</param>
/// <param name="time">The clock.</param>
/// <param name="capacity">The most keys that are remembered.</param>
public sealed class BucketTable<TKey>(RateLimit limit, TimeProvider time, int capacity = BucketTable<TKey>.DefaultCapacity)
    where TKey : notnull
{
    private const int DefaultCapacity = 65_536;
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, TokenBucket> _buckets = [];
    private int _sweepAt = Math.Min(1024, capacity);

    /// <summary>How many keys are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _buckets.Count;
        }
    }

    /// <summary>Takes one from the key's bucket; if it is empty, false and the time until the next.</summary>
    public bool TryTake(TKey key, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        if (limit.IsOff)
            return true;
        lock (_lock)
        {
            if (!_buckets.TryGetValue(key, out var bucket))
            {
                if (_buckets.Count >= _sweepAt)
                    Sweep();
                _buckets.Add(key, bucket = new TokenBucket(limit, time));
            }

            if (bucket.TryTake())
                return true;
            retryAfter = bucket.UntilNext();
            return false;
        }
    }

    // The next sweep comes when the table has doubled, so that each new key pays for a constant share of it.
    private void Sweep()
    {
        foreach (var (key, bucket) in _buckets)
            if (bucket.IsFull)
                _buckets.Remove(key);
        if (_buckets.Count >= capacity)
            foreach (var key in _buckets.Keys.Take(Math.Max(1, capacity / 10)).ToArray())
                _buckets.Remove(key);
        _sweepAt = Math.Clamp(_buckets.Count * 2, Math.Min(1024, capacity), capacity);
    }
}
