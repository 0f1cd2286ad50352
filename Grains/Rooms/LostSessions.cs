using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Grains.Rooms;

/// <summary>
/// Whose sessions were lost here lately. Bounded; when full, further losses are not remembered (their holders join anew).
/// A record is not used up by a re-entry: a holder of two tabs lost both.
/// </summary>
internal sealed class LostSessions(TimeProvider time, int capacity)
{
    private readonly Dictionary<string, long> _lostAt = new(StringComparer.Ordinal);
    private readonly Queue<(string Sub, long At)> _order = [];

    public int Count => _lostAt.Count;

    public bool Any
    {
        get
        {
            Prune();
            return _lostAt.Count > 0;
        }
    }

    public void Add(string sub) => Add(sub, time.GetTimestamp());

    /// <summary>What is remembered, the oldest first.</summary>
    public LostSession[] Carry()
    {
        Prune();
        return [.. _order.Where(lost => _lostAt.TryGetValue(lost.Sub, out long at) && at == lost.At).Select(lost => new LostSession(lost.Sub, time.GetElapsedTime(lost.At)))];
    }

    /// <summary>Takes over what was remembered elsewhere.</summary>
    public void Take(LostSession[] lost)
    {
        foreach (LostSession session in lost)
            Add(session.Sub, time.GetTimestamp() - (long)(session.Age.TotalSeconds * time.TimestampFrequency));
    }

    public bool Contains(string sub)
    {
        Prune();
        return _lostAt.ContainsKey(sub);
    }

    /// <summary>A holder who leaves on purpose is not brought back by a token, whatever was lost before.</summary>
    public void Remove(string sub) => _lostAt.Remove(sub);

    private void Add(string sub, long at)
    {
        Prune();
        if (_order.Count >= capacity)
            return;

        _lostAt[sub] = at;
        _order.Enqueue((sub, at));
    }

    private void Prune()
    {
        while (_order.TryPeek(out (string Sub, long At) oldest) && time.GetElapsedTime(oldest.At) >= LeaseTimes.ReEntry)
        {
            _order.Dequeue();
            // A later loss of the same holder has its own place in the queue.
            if (_lostAt.TryGetValue(oldest.Sub, out long at) && at == oldest.At)
                _lostAt.Remove(oldest.Sub);
        }
    }
}
