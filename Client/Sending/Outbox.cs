namespace ChitChatz.Client.Sending;

/// <summary>
/// A room's messages without a receipt, in the order in which they were sent. Bounded by whoever adds. Does no I/O; kept under the client's lock.
/// </summary>
internal sealed class Outbox(TimeProvider time)
{
    /// <summary>
    /// For so long a repeat may be tried. Servers know an id again for 24 hours and 10,000 messages, whichever is longer; the hour less is for
    /// clocks and for repeats on their way.
    /// </summary>
    public static readonly TimeSpan RepeatWindow = TimeSpan.FromHours(23);

    private readonly LinkedList<PendingSend> _sends = [];
    private readonly Dictionary<string, LinkedListNode<PendingSend>> _byId = [];
    private TaskCompletionSource _empty = Completed();

    /// <summary>How many wait.</summary>
    public int Count => _sends.Count;

    /// <summary>Ends when none waits.</summary>
    public Task Empty => _empty.Task;

    /// <summary>Adds one at the end. False when one with its id waits.</summary>
    public bool TryAdd(PendingSend send)
    {
        if (_byId.ContainsKey(send.Id))
            return false;
        if (_sends.Count == 0)
            _empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _byId[send.Id] = _sends.AddLast(send);
        return true;
    }

    /// <summary>Takes one out; false when it is not in.</summary>
    public bool Remove(PendingSend send)
    {
        if (!_byId.TryGetValue(send.Id, out var node) || node.Value != send)
            return false;
        _byId.Remove(send.Id);
        _sends.Remove(node);
        if (_sends.Count == 0)
            _empty.TrySetResult();
        return true;
    }

    /// <summary>Those to send now, in order, marked as in flight; how many of them are repeats.</summary>
    public (IReadOnlyList<PendingSend> Due, int Repeats) TakeDue()
    {
        List<PendingSend> due = [];
        var repeats = 0;
        foreach (var send in _sends)
        {
            if (send.IsInFlight)
                continue;
            repeats += send.FirstTriedAt is null ? 0 : 1;
            if (send.FirstTriedAt is null)
                (send.FirstTriedAt, send.FirstTriedOn) = (time.GetTimestamp(), time.GetUtcNow());
            send.IsInFlight = true;
            due.Add(send);
        }

        return (due, repeats);
    }

    /// <summary>The connection is gone, and with it what was in flight: it is due again.</summary>
    public void Rewind()
    {
        foreach (var send in _sends)
            send.IsInFlight = false;
    }

    /// <summary>Takes out those that were tried and cannot be repeated safely: all of them, or those whose window is over.</summary>
    public IReadOnlyList<PendingSend> TakeUnrepeatable(bool all)
    {
        PendingSend[] taken = [.. _sends.Where(send => send.FirstTriedAt is { } first && (all || IsOver(first, send.FirstTriedOn)))];
        foreach (var send in taken)
            Remove(send);
        return taken;
    }

    /// <summary>Takes out all.</summary>
    public IReadOnlyList<PendingSend> TakeAll()
    {
        PendingSend[] taken = [.. _sends];
        foreach (var send in taken)
            Remove(send);
        return taken;
    }

    // By whichever clock says so: one stands still while the machine sleeps, the other may be set.
    private bool IsOver(long at, DateTimeOffset on) => time.GetElapsedTime(at) > RepeatWindow || time.GetUtcNow() - on > RepeatWindow;

    private static TaskCompletionSource Completed()
    {
        TaskCompletionSource completed = new();
        completed.SetResult();
        return completed;
    }
}
