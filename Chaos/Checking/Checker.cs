namespace ChitChatz.Chaos.Checking;

/// <summary>
/// Holds a history against the promises. Ids are unique and the order is explicit, so each check is a sort or a walk; nothing is searched for.
/// Split by what is looked at: the log and the sends here, the connections in Checker.Connections.
/// </summary>
public sealed partial class Checker
{
    private readonly HistoryEvent[] _events;
    private readonly List<Violation> _violations = [];
    private readonly Dictionary<MessageName, List<HistoryEvent>> _sends = [];
    private readonly Dictionary<MessageName, HistoryEvent> _stored = [];
    private readonly Dictionary<(string Room, long Epoch, long Seq), HistoryEvent> _places = [];
    private readonly Dictionary<(string Room, long Epoch), long> _heads = [];

    private Checker(IEnumerable<HistoryEvent> events) => _events = [.. events];

    /// <summary>Checks a finished history, its final log included.</summary>
    public static Verdict Check(History history)
    {
        ArgumentNullException.ThrowIfNull(history);
        return new Checker(history.Events).Run();
    }

    private Verdict Run()
    {
        foreach (var send in Of(EventKind.Send))
        {
            if (!_sends.TryGetValue(send.Name, out var attempts))
                _sends.Add(send.Name, attempts = []);
            attempts.Add(send);
        }

        CheckLog();
        CheckAcks();
        CheckFailures();
        CheckRealTimeOrder();
        CheckSenderOrder();
        CheckConnections();
        var acked = Of(EventKind.Ok).Select(static ok => ok.Name).ToHashSet();
        var failed = Of(EventKind.Fail).Select(static fail => fail.Name).ToHashSet();
        return new Verdict(
            _violations, _sends.Count, acked.Count, failed.Count, _sends.Keys.Count(name => !acked.Contains(name) && !failed.Contains(name)),
            Of(EventKind.Receive).Count(), _places.Count, Of(EventKind.Fault).Count());
    }

    private IEnumerable<HistoryEvent> Of(EventKind kind) => _events.Where(seen => seen.Kind == kind);

    private void Report(Invariant invariant, string message, params HistoryEvent[] proof) => _violations.Add(new Violation(invariant, message, proof));

    /// <summary>I2 and I3 on the final log: each id once, each place once, no hole, nothing that nobody sent.</summary>
    private void CheckLog()
    {
        foreach (var row in Of(EventKind.Stored))
        {
            if (!_stored.TryAdd(row.Name, row))
                Report(Invariant.Duplicate, $"{row.Name} stands at {_stored[row.Name].Seq} and at {row.Seq}", _stored[row.Name], row);
            if (!_places.TryAdd((row.Room!, row.Epoch, row.Seq), row))
                Report(Invariant.Duplicate, $"seq {row.Seq} of {row.Room} is used twice", _places[(row.Room!, row.Epoch, row.Seq)], row);
            _heads[(row.Room!, row.Epoch)] = Math.Max(row.Seq, _heads.GetValueOrDefault((row.Room!, row.Epoch)));
            CheckAuthor(row);
        }

        foreach (var ((room, epoch), head) in _heads)
        {
            for (long seq = 1; seq <= head; seq++)
            {
                if (!_places.ContainsKey((room, epoch, seq)))
                    Report(Invariant.Duplicate, $"seq {seq} of {room} is missing in the log, whose head is {head}");
            }
        }
    }

    private void CheckAuthor(HistoryEvent seen)
    {
        if (!_sends.TryGetValue(seen.Name, out var attempts) || !attempts.Exists(send => send.Hash == seen.Hash))
            Report(Invariant.Phantom, $"nobody sent what stands under {seen.Name} at {seen.Seq}", seen);
    }

    /// <summary>I1, and I3 on acks: an acknowledged message stands where its ack says, and all its acks say the same.</summary>
    private void CheckAcks()
    {
        foreach (var ok in Of(EventKind.Ok))
        {
            if (!_stored.TryGetValue(ok.Name, out var row))
                Report(Invariant.LostWrite, $"{ok.Name} was acked at {ok.Seq} and is not in the log", ok);
            else if ((row.Epoch, row.Seq) != (ok.Epoch, ok.Seq))
                Report(Invariant.Duplicate, $"{ok.Name} was acked at {ok.Seq} and stands at {row.Seq}", ok, row);
        }
    }

    /// <summary>I8: a definite refusal is one, unless the client tried again after it. A conflict of ids says that another text stands there.</summary>
    private void CheckFailures()
    {
        foreach (var fail in Of(EventKind.Fail))
        {
            if (fail.Code != "id_conflict" && _stored.TryGetValue(fail.Name, out var row) && _sends.TryGetValue(fail.Name, out var attempts)
                && !attempts.Exists(send => send.At > fail.At))
            {
                Report(Invariant.FailedYetStored, $"{fail.Name} was refused as {fail.Code} and stands at {row.Seq}", fail, row);
            }
        }
    }

    /// <summary>I5: whatever was first sent after an ack stands above it.</summary>
    private void CheckRealTimeOrder()
    {
        var acks = Of(EventKind.Ok).GroupBy(static ok => (ok.Room!, ok.Epoch)).ToDictionary(static room => room.Key, static room => room.OrderBy(static ok => ok.At).ToArray());
        var firsts = _sends.Values.Select(static attempts => attempts.MinBy(static send => send.At)!)
            .Where(send => _stored.ContainsKey(send.Name))
            .GroupBy(send => (send.Room!, _stored[send.Name].Epoch));
        foreach (var room in firsts)
        {
            if (!acks.TryGetValue(room.Key, out var acked))
                continue;

            var next = 0;
            HistoryEvent? highest = null;
            foreach (var send in room.OrderBy(static send => send.At))
            {
                for (; next < acked.Length && acked[next].At < send.At; next++)
                {
                    if (highest is null || acked[next].Seq > highest.Seq)
                        highest = acked[next];
                }

                var row = _stored[send.Name];
                if (highest is not null && row.Seq <= highest.Seq && highest.Name != send.Name)
                    Report(Invariant.RealTimeOrder, $"{send.Name} was sent after {highest.Name} was acked at {highest.Seq}, and stands at {row.Seq}", highest, send, row);
            }
        }
    }

    /// <summary>I6: what a connection sent once, and nobody repeated, stands in the order in which it was sent.</summary>
    private void CheckSenderOrder()
    {
        var once = _sends.Values.Where(attempts => attempts.Count == 1 && _stored.ContainsKey(attempts[0].Name)).Select(static attempts => attempts[0]);
        foreach (var sender in once.GroupBy(send => (send.Connection, send.Room, _stored[send.Name].Epoch)))
        {
            HistoryEvent? before = null;
            foreach (var send in sender.OrderBy(static send => send.At))
            {
                if (before is not null && _stored[send.Name].Seq <= _stored[before.Name].Seq)
                    Report(Invariant.SenderOrder, $"{before.Name} was sent before {send.Name} and stands behind it", before, send);
                before = send;
            }
        }
    }
}
