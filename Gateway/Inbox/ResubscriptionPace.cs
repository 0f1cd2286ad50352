namespace ChitChatz.Gateway.Inbox;

/// <summary>
/// How often a lost subscription is made anew. A beat may be missing because it is late, and then each new subscription only adds
/// to the load: so the pause doubles whether the last one succeeded or not, until the beats were there for half a minute.
/// </summary>
internal sealed class ResubscriptionPace(TimeProvider time)
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(15);

    /// <summary>Longer than the longest pause and the silence that counts as a loss together.</summary>
    private static readonly TimeSpan s_healthy = TimeSpan.FromSeconds(30);

    private TimeSpan _pause = TimeSpan.Zero;
    private long _triedAt;
    private long? _healthySince;

    /// <summary>Whether to subscribe again now. Asked at every tick, lost or not.</summary>
    public bool IsDue(bool lost)
    {
        if (lost)
        {
            _healthySince = null;
            return time.GetElapsedTime(_triedAt) >= _pause;
        }

        _healthySince ??= time.GetTimestamp();
        if (time.GetElapsedTime(_healthySince.Value) >= s_healthy)
        {
            _pause = TimeSpan.Zero;
        }

        return false;
    }

    /// <summary>It was tried, with success or without. The pause begins now.</summary>
    public void Tried()
    {
        _triedAt = time.GetTimestamp();
        TimeSpan twice = _pause * 2;
        _pause = twice < s_shortest ? s_shortest : twice > s_longest ? s_longest : twice;
    }
}
