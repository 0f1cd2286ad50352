namespace ChitChatz.Chaos.Clients;

/// <summary>A message as its sender sees it. Times are the history's, in microseconds.</summary>
/// <param name="Room">Its room.</param>
/// <param name="Gateway">The gateway that its sender was on, or was last on, when it was due.</param>
/// <param name="Due">When the schedule wanted it sent.</param>
public sealed record SentMessage(string Room, int Gateway, long Due)
{
    private long _ackedAt;

    /// <summary>When the acknowledgement came; 0 for not yet.</summary>
    public long AckedAt
    {
        get => Volatile.Read(ref _ackedAt);
        set => Volatile.Write(ref _ackedAt, value);
    }
}

/// <summary>How somebody whose connection ended came back. Times are the history's.</summary>
/// <param name="Room">Their room.</param>
/// <param name="Gateway">The gateway that they were on.</param>
/// <param name="LostAt">When the connection ended, or was given up because the gateway asked for that.</param>
/// <param name="JoinedAt">When the join was answered.</param>
/// <param name="Recovered">Whether all that was missed follows.</param>
/// <param name="Missed">How many messages that were.</param>
/// <param name="Connection">The new connection; says when those had come.</param>
public sealed record Comeback(string Room, int Gateway, long LostAt, long JoinedAt, bool Recovered, long Missed, RecordingConnection Connection);

/// <summary>What all users of a run sent and what became of it.</summary>
public sealed class Traffic
{
    private readonly Lock _gate = new();
    private readonly List<SentMessage> _sent = [];
    private readonly List<Comeback> _comebacks = [];
    private readonly SortedDictionary<string, int> _refusals = new(StringComparer.Ordinal);
    private int _acked;
    private int _withoutHint;

    /// <summary>A copy of the messages, in the order in which they were due.</summary>
    public SentMessage[] Sent
    {
        get
        {
            lock (_gate)
                return [.. _sent];
        }
    }

    /// <summary>A copy of those that were due from some time on.</summary>
    public List<SentMessage> SentSince(long time)
    {
        lock (_gate)
        {
            // They are nearly in that order: one schedule, and each is added when it is due.
            var first = _sent.Count;
            while (first > 0 && _sent[first - 1].Due >= time)
                first--;
            return _sent.GetRange(first, _sent.Count - first);
        }
    }

    /// <summary>A copy of the returns.</summary>
    public Comeback[] Comebacks
    {
        get
        {
            lock (_gate)
                return [.. _comebacks];
        }
    }

    /// <summary>How often each error was the answer to a message.</summary>
    public IReadOnlyDictionary<string, int> Refusals
    {
        get
        {
            lock (_gate)
                return new SortedDictionary<string, int>(_refusals, StringComparer.Ordinal);
        }
    }

    /// <summary>Answers <c>overloaded</c> that did not say when to try again.</summary>
    public int OverloadedWithoutHint => Volatile.Read(ref _withoutHint);

    /// <summary>How many are acknowledged.</summary>
    public int Acked => Volatile.Read(ref _acked);

    /// <summary>Adds a message.</summary>
    public SentMessage Add(SentMessage sent)
    {
        lock (_gate)
            _sent.Add(sent);
        return sent;
    }

    /// <summary>Takes an acknowledgement down, the first of a message.</summary>
    public void Ack(SentMessage sent, long at)
    {
        ArgumentNullException.ThrowIfNull(sent);
        if (sent.AckedAt > 0)
            return;
        sent.AckedAt = at;
        Interlocked.Increment(ref _acked);
    }

    /// <summary>Adds a return.</summary>
    public void Add(Comeback comeback)
    {
        lock (_gate)
            _comebacks.Add(comeback);
    }

    /// <summary>Counts an error.</summary>
    public void Refuse(string code, bool hasHint)
    {
        lock (_gate)
            _refusals[code] = _refusals.GetValueOrDefault(code) + 1;
        if (code == "overloaded" && !hasHint)
            Interlocked.Increment(ref _withoutHint);
    }
}
