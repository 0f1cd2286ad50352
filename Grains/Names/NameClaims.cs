using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Grains.Names;

/// <summary>
/// Who holds a name: one sub, and its sessions side by side. Another sub gets it when the holder's sessions are gone,
/// or when it asserts an older claim: after a fail-over two may have been granted, and the older one keeps the name.
/// </summary>
internal sealed class NameClaims(TimeProvider time)
{
    /// <summary>A session that missed two assertions (and a minute) is gone, although its gateway lives.</summary>
    private static readonly TimeSpan Forgotten = LeaseTimes.NameRenewal * 2 + TimeSpan.FromMinutes(1);

    private readonly Dictionary<(GatewayId Gateway, long Connection), Session> _sessions = [];
    private string? _sub;

    /// <summary>True while nobody is known to hold the name.</summary>
    public bool IsFree => _sessions.Count == 0;

    public int Count => _sessions.Count;

    /// <summary>Grants a claim that needs no further question; false when a session of another sub holds the name.</summary>
    public bool TryClaim(NameClaim claim)
    {
        if (!IsFree && !string.Equals(_sub, claim.Sub, StringComparison.Ordinal))
        {
            if (!claim.Proven || claim.ClaimedAt >= Oldest())
                return false;

            _sessions.Clear();
        }

        _sub = claim.Sub;
        _sessions[(claim.Gateway, claim.Connection)] = new Session(claim.ClaimedAt, time.GetTimestamp());
        return true;
    }

    public void Release(GatewayId gateway, long connection) => _sessions.Remove((gateway, connection));

    /// <summary>Drops the sessions that no longer assert themselves and, if the registry knows all living gateways, those of dead ones.</summary>
    public void DropDead(LiveGateways live)
    {
        // Removal does not disturb an enumeration of this dictionary.
        foreach (((GatewayId Gateway, long Connection) key, Session session) in _sessions)
        {
            bool dead = !live.WarmingUp && !live.Gateways.AsSpan().Contains(key.Gateway);
            if (dead || time.GetElapsedTime(session.AssertedAt) >= Forgotten)
                _sessions.Remove(key);
        }
    }

    private long Oldest()
    {
        long oldest = long.MaxValue;
        foreach (Session session in _sessions.Values)
            oldest = Math.Min(oldest, session.ClaimedAt);

        return oldest;
    }

    private readonly record struct Session(long ClaimedAt, long AssertedAt);
}
