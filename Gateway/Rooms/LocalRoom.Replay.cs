using ChitChatz.Gateway.Connections;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Rooms;

/// <summary>
/// A member that names the last message it has gets what it missed before it gets anything live. While that is read it is in the room
/// and gets nothing; one read serves all who wait for one, and goes on until they have what the others were sent.
/// </summary>
internal sealed partial class LocalRoom
{
    private readonly List<Replay> _replays = [];
    private bool _replaying;

    /// <summary>Lets a member have what comes, from the head on or from where it left off. Under the lock.</summary>
    private void Enter(RoomMember member, PendingArrival arrival, long head)
    {
        arrival.IsIn = true;
        bool known = arrival.After is { } after && after.Epoch == _epoch && after.Seq >= 0 && after.Seq <= head && head - after.Seq <= WireLimits.ReplayMessages;
        if (!known || arrival.After!.Value.Seq == head)
        {
            member.Start = head;
            Answer(arrival, head, recovered: known);
            return;
        }

        member.Start = RoomMember.NotLive;
        _replays.Add(new Replay(member, arrival, head) { Cursor = arrival.After.Value.Seq });
        if (!_replaying)
        {
            _replaying = true;
            _ = ReplayAsync();
        }
    }

    private void Answer(PendingArrival arrival, long head, bool recovered)
    {
        foreach (OutboundFrame frame in arrival.Connection.AnswerJoin(new JoinAnswer(Name, _epoch, head, recovered, arrival.Token)))
        {
            arrival.Connection.Send(frame);
        }

        arrival.Complete(JoinOutcome.Joined);
    }

    /// <summary>Reads what members missed, page by page, until nobody misses anything.</summary>
    private async Task ReplayAsync()
    {
        // Out of the caller's lock; and who comes in the same moment shares the first read.
        await Task.Yield();
        while (true)
        {
            long epoch;
            long? after;
            lock (_gate)
            {
                if (_replays.Count == 0)
                {
                    _replaying = false;
                    RetireIfUnused();
                    return;
                }

                epoch = _epoch;
                after = _replays.Where(static replay => replay.Connection.IsDrained).Min(static replay => (long?)replay.Cursor);
            }

            if (after is null || !await TryReplayAsync(epoch, after.Value))
            {
                // Their clients read slowly, or the log does not answer.
                await Task.Delay(s_shortPause, _time);
            }
        }
    }

    /// <summary>Reads a page and sends it to all who miss it. False when that helped nobody.</summary>
    private async Task<bool> TryReplayAsync(long epoch, long after)
    {
        MessagePage? page = null;
        try
        {
            page = await _grain.ReadAfter(epoch, after, WireLimits.ReplayMessages).WaitAsync(_rooms.ReadAttempt, _time, _rooms.Calls);
        }
#pragma warning disable CA1031 // Whatever happened to the call, it may be made again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LocalRoomLog.ReadFailed(_logger, exception);
        }

        lock (_gate)
        {
            if (page is not { Available: true })
            {
                AnswerOverdue();
                return false;
            }

            if (page.Epoch != epoch)
            {
                // An older one is that of an activation that was overtaken.
                return EnterEpoch(page.Epoch) && page.Epoch > epoch;
            }

            if (epoch != _epoch)
            {
                return true;
            }

            LearnHead(page.Head);
            OutboundFrame?[] frames = new OutboundFrame?[page.Messages.Length];
            bool helped = false;
            foreach (Replay replay in _replays.ToArray())
            {
                // Who came while this was read may miss what stands before it.
                helped |= replay.Cursor >= after && Advance(replay, page.Messages, page.HistoryFrom, frames);
            }

            if (!helped)
            {
                AnswerOverdue();
            }

            return helped;
        }
    }

    /// <summary>Sends a member what it misses of a page, as far as its queue takes it. Under the lock.</summary>
    private bool Advance(Replay replay, ChatMessage[] messages, long oldest, OutboundFrame?[] frames)
    {
        long before = replay.Cursor;
        if (messages.Length > 0 && Math.Max(messages[0].Seq, oldest) > before + 1 && !SkipHole(replay, Math.Max(messages[0].Seq, oldest)))
        {
            return true;
        }

        if (!replay.Answered && messages.Length > 0)
        {
            replay.Answered = true;
            Answer(replay.Arrival, replay.Head, recovered: true);
        }

        for (int i = messages.Length == 0 ? 0 : (int)(replay.Cursor + 1 - messages[0].Seq); i < messages.Length && replay.Connection.IsDrained; i++)
        {
            frames[i] ??= new MessageFrames(this, messages[i]).ForReplay();
            if (!replay.Connection.TrySend(frames[i]!))
            {
                break;
            }

            replay.Cursor = messages[i].Seq;
        }

        if (replay.Answered && replay.Cursor >= _delivered)
        {
            replay.Member.Start = replay.Cursor;
            _replays.Remove(replay);
            return true;
        }

        return replay.Cursor > before;
    }

    /// <summary>
    /// What stood between a member's position and the oldest message of a page is not history any more, or not even kept. False when that
    /// ended the replay: the member is told that it has not everything.
    /// </summary>
    private bool SkipHole(Replay replay, long oldest)
    {
        if (!replay.Answered)
        {
            GiveUp(replay);
            return false;
        }

        if (replay.Connection.TrySend(GapFrame(replay.Cursor + 1, oldest - 1)))
        {
            replay.Cursor = oldest - 1;
        }

        return replay.Cursor == oldest - 1;
    }

    /// <summary>Nobody waits for longer than for a join: it is in, and told that it has to read the rest by itself.</summary>
    private void AnswerOverdue()
    {
        foreach (Replay replay in _replays.ToArray())
        {
            if (!replay.Answered && _time.GetElapsedTime(replay.Arrival.QueuedAt) >= s_joinBudget)
            {
                GiveUp(replay);
            }
        }
    }

    private void GiveUp(Replay replay)
    {
        long head = Math.Max(replay.Head, _delivered);
        replay.Member.Start = head;
        _replays.Remove(replay);
        Answer(replay.Arrival, head, recovered: false);
    }

    /// <summary>The room has entered a new life, of which its members get everything.</summary>
    private void EndReplays()
    {
        foreach (Replay replay in _replays)
        {
            if (!replay.Answered)
            {
                Answer(replay.Arrival, head: 0, recovered: false);
            }
        }

        _replays.Clear();
    }

    private void DropReplay(long connection)
        => _replays.RemoveAll(replay =>
        {
            bool gone = replay.Connection.Number == connection;
            if (gone)
            {
                // Nobody waits for an answer that cannot come.
                replay.Arrival.GiveUp();
            }

            return gone;
        });

    /// <summary>A member on its way from the last message it has to the live ones.</summary>
    private sealed class Replay(RoomMember member, PendingArrival arrival, long head)
    {
        public RoomMember Member => member;

        public IRoomConnection Connection => member.Connection;

        public PendingArrival Arrival => arrival;

        /// <summary>The head that its answer names.</summary>
        public long Head => head;

        /// <summary>The last seq that it was sent.</summary>
        public long Cursor { get; set; }

        /// <summary>Whether its join was answered; that waits for the first page, which shows whether all that it missed is still there.</summary>
        public bool Answered { get; set; }
    }
}
