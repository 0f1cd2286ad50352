namespace ChitChatz.Gateway.Limits;

/// <summary>
/// Counts one connection's violations in the last minute, exactly: a bucket would let twice as many pass. Costs nothing until the
/// first one. Not thread-safe: used by the connection's reader alone.
/// </summary>
/// <param name="perMinute">The most that are borne in any minute; 0 means any number.</param>
/// <param name="time">The clock.</param>
public sealed class ViolationCounter(int perMinute, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // When the last ones came, oldest first from _next on.
    private long[]? _stamps;
    private int _next;
    private int _seen;

    /// <summary>Counts one. False when it is one too many and the connection has to go.</summary>
    public bool TryCount()
    {
        if (perMinute == 0)
            return true;
        _stamps ??= new long[perMinute];
        var now = time.GetTimestamp();
        if (_seen == perMinute && time.GetElapsedTime(_stamps[_next], now) < Window)
            return false;
        _stamps[_next] = now;
        _next = (_next + 1) % perMinute;
        _seen = Math.Min(_seen + 1, perMinute);
        return true;
    }
}
