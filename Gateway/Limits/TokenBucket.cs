namespace ChitChatz.Gateway.Limits;

/// <summary>
/// A token bucket: starts full, fills steadily, each event takes one out. Counts by the monotonic clock, so that a change of the time
/// of day neither grants nor takes anything. Not thread-safe: its owner is one loop, or holds a lock.
/// </summary>
/// <param name="limit">Rate and burst; when off, everything is granted.</param>
/// <param name="time">The clock.</param>
public sealed class TokenBucket(RateLimit limit, TimeProvider time)
{
    private double _tokens = limit.Burst;
    private long _stamp = time.GetTimestamp();

    /// <summary>Whether nothing is owed: a full bucket is as good as a new one.</summary>
    public bool IsFull
    {
        get
        {
            Refill();
            return limit.IsOff || _tokens >= limit.Burst;
        }
    }

    /// <summary>Takes as many if they are there; takes none and returns false otherwise.</summary>
    public bool TryTake(int count = 1)
    {
        if (limit.IsOff)
            return true;
        Refill();
        if (_tokens < count)
            return false;
        _tokens -= count;
        return true;
    }

    /// <summary>
    /// Takes as many in any case, and says how long to wait before the next: for those who are slowed down and not refused. Zero while
    /// the bucket has not been overdrawn.
    /// </summary>
    public TimeSpan Take(int count = 1)
    {
        if (limit.IsOff)
            return TimeSpan.Zero;
        Refill();
        _tokens -= count;
        return _tokens >= 0 ? TimeSpan.Zero : Wait(-_tokens);
    }

    /// <summary>How long until as many can be taken. More than the burst can never be: then the time that they would take to fill.</summary>
    public TimeSpan UntilNext(int count = 1)
    {
        if (limit.IsOff)
            return TimeSpan.Zero;
        Refill();
        return _tokens >= count ? TimeSpan.Zero : Wait(count - _tokens);
    }

    // Rounded up, so that whoever waits exactly this long is not refused once more.
    private TimeSpan Wait(double missing) => TimeSpan.FromMilliseconds(Math.Ceiling(missing / limit.PerSecond * 1000));

    private void Refill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(limit.Burst, _tokens + (time.GetElapsedTime(_stamp, now).TotalSeconds * limit.PerSecond));
        _stamp = now;
    }
}
