using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Gateway.Inbox;

/// <summary>What a beat tells of the cluster.</summary>
internal enum ClusterChange
{
    /// <summary>Nothing new.</summary>
    None,

    /// <summary>Silos have come or are about to go: rooms may have moved.</summary>
    Changed,

    /// <summary>A silo is gone: calls to it may never be answered.</summary>
    SiloLost,
}

/// <summary>
/// Reads the silos' signs of life on the inbox. Pure: time comes in. A silo that was heard, that the others still count as active,
/// and that is silent for three beats has lost our subscription; so have all, when nobody is heard any more.
/// </summary>
internal sealed class HeartbeatMonitor(TimeProvider time)
{
    /// <summary>Three beats, and half a one for the way.</summary>
    private static readonly TimeSpan s_silence = LeaseTimes.Heartbeat * 3.5;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _heardAt = [];
    private readonly Dictionary<string, string?> _problems = [];
    private long _since = time.GetTimestamp();
    private long _version = -1;
    private int _active;

    /// <summary>How many silos are active, as last heard; 0 before the first beat.</summary>
    public int ActiveSilos => Volatile.Read(ref _active);

    /// <summary>Takes a beat, and says what it tells of the cluster.</summary>
    public ClusterChange Observe(SiloHeartbeat beat)
    {
        lock (_gate)
        {
            _heardAt[beat.Silo] = time.GetTimestamp();
            _problems[beat.Silo] = beat.LogProblem;
            if (beat.MembershipVersion <= _version)
            {
                return ClusterChange.None;
            }

            bool first = _version < 0;
            bool lost = false;
            _version = beat.MembershipVersion;
            _active = beat.ActiveSilos.Length;
            foreach (string gone in _heardAt.Keys.Except(beat.ActiveSilos).ToArray())
            {
                lost = true;
                _heardAt.Remove(gone);
                _problems.Remove(gone);
            }

            // A silo that is new gets the time of three beats to be heard, too.
            foreach (string silo in beat.ActiveSilos)
            {
                _heardAt.TryAdd(silo, time.GetTimestamp());
            }

            return lost ? ClusterChange.SiloLost : first ? ClusterChange.None : ClusterChange.Changed;
        }
    }

    /// <summary>
    /// Takes any other item. Of an only silo each is a sign of life: its beats may wait behind many of them. Where there are
    /// several, an item does not say whose it is.
    /// </summary>
    public void ObserveItem()
    {
        lock (_gate)
        {
            if (_active != 1)
            {
                return;
            }

            _since = time.GetTimestamp();
            foreach (string silo in _heardAt.Keys)
            {
                _heardAt[silo] = _since;
            }
        }
    }

    /// <summary>Whether a beat is missing for so long that the subscription must be gone.</summary>
    public bool IsSubscriptionLost()
    {
        lock (_gate)
        {
            return _heardAt.Count == 0
                ? time.GetElapsedTime(_since) > s_silence
                : _heardAt.Values.Any(heard => time.GetElapsedTime(heard) > s_silence);
        }
    }

    /// <summary>Why no silo could take a message now, as far as is known; null when one could.</summary>
    public string? Problem
    {
        get
        {
            lock (_gate)
            {
                string[] heard = [.. _heardAt.Where(silo => time.GetElapsedTime(silo.Value) <= s_silence && _problems.ContainsKey(silo.Key)).Select(static silo => silo.Key)];
                return heard.Length == 0 ? "No silo has been heard for some seconds." : heard.All(silo => _problems[silo] is not null) ? _problems[heard[0]] : null;
            }
        }
    }

    /// <summary>The inbox was subscribed anew: everybody gets the time of three beats again.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            _since = time.GetTimestamp();
            _version = -1;
            _heardAt.Clear();
            _problems.Clear();
        }
    }
}
