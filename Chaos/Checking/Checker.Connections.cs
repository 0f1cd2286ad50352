namespace ChitChatz.Chaos.Checking;

/// <summary>What each connection saw, in its order: I4, I7, I9, I10, I11, and I2 and I3 on what was delivered.</summary>
public sealed partial class Checker
{
    private void CheckConnections()
    {
        var seen = new Dictionary<(string Room, long Epoch, long Seq), HistoryEvent>();
        foreach (var received in Of(EventKind.Receive))
        {
            var place = (received.Room!, received.Epoch, received.Seq);
            var other = _places.GetValueOrDefault(place) ?? seen.GetValueOrDefault(place);
            if (other is not null && (other.Name != received.Name || other.Hash != received.Hash))
                Report(Invariant.Duplicate, $"at seq {received.Seq} of {received.Room} stand {other.Name} and {received.Name}", other, received);
            else if (other is null)
                Report(Invariant.LostWrite, $"{received.Name} was delivered at {received.Seq} and is not in the log", received);
            seen.TryAdd(place, received);
            CheckAuthor(received);
        }

        CheckHeads();
        foreach (var connection in _events.Where(static happened => happened.Connection > 0).GroupBy(static happened => happened.Connection))
            new Walk(this).Over(connection);
    }

    /// <summary>I7: the head in a join's answer is no less than what was acknowledged before the join was asked for.</summary>
    private void CheckHeads()
    {
        foreach (var room in _events.Where(static happened => happened.Kind is EventKind.Ok or EventKind.Join).GroupBy(static happened => (happened.Room!, happened.Epoch)))
        {
            HistoryEvent? highest = null;
            foreach (var happened in room.OrderBy(static happened => happened.Kind == EventKind.Join ? happened.Since : happened.At))
            {
                if (happened.Kind == EventKind.Ok)
                    highest = highest is null || happened.Seq > highest.Seq ? happened : highest;
                else if (highest is not null && happened.Head < highest.Seq)
                    Report(Invariant.StaleHead, $"a join of {happened.Room} was told head {happened.Head} after {highest.Seq} was acked", highest, happened);
            }
        }
    }

    /// <summary>One connection's way through rooms.</summary>
    private sealed class Walk(Checker checker)
    {
        private readonly HashSet<string> _left = [];
        private HistoryEvent? _join;
        private long _epoch;
        private long _next;

        public void Over(IEnumerable<HistoryEvent> events)
        {
            var closed = false;
            foreach (var happened in events)
            {
                switch (happened.Kind)
                {
                    case EventKind.Join:
                        // A join leaves the room before.
                        if (_join is not null)
                            _left.Add(_join.Room!);
                        _join = happened;
                        _left.Remove(happened.Room!);
                        (_epoch, _next) = (happened.Epoch, happened is { Recovered: true, After: >= 0 } ? happened.After + 1 : happened.Head + 1);
                        break;
                    case EventKind.Leave:
                        _left.Add(happened.Room!);
                        _join = null;
                        break;
                    case EventKind.Gap when _join?.Room == happened.Room:
                        if (happened.Seq != _next)
                            checker.Report(Invariant.DeliveryOrder, $"a gap from {happened.Seq} where {_next} was next", happened);
                        _next = happened.To + 1;
                        break;
                    case EventKind.Receive:
                        Receive(happened);
                        break;
                    case EventKind.Close:
                        closed = true;
                        break;
                }
            }

            if (!closed && _join is not null)
                CheckConverged();
        }

        private void Receive(HistoryEvent received)
        {
            if (_join?.Room != received.Room)
            {
                var left = _left.Contains(received.Room!);
                checker.Report(
                    left ? Invariant.AfterLeave : Invariant.Stranger,
                    $"connection {received.Connection} got seq {received.Seq} of {received.Room} {(left ? "after it left" : "without being in it")}",
                    received);
                return;
            }

            if (received.Epoch > _epoch)
                (_epoch, _next) = (received.Epoch, 1);
            if (received.Epoch != _epoch || received.Seq != _next)
            {
                checker.Report(Invariant.DeliveryOrder, $"connection {received.Connection} got seq {received.Seq} of {received.Room} where {_next} was next", received);
            }

            _next = Math.Max(_next, received.Seq + 1);
        }

        private void CheckConverged()
        {
            var head = checker._heads.GetValueOrDefault((_join!.Room!, _epoch));
            if (_next != head + 1)
                checker.Report(Invariant.NotConverged, $"connection {_join.Connection} of {_join.Room} ends before {_next}, the log with {head}", _join);
        }
    }
}
