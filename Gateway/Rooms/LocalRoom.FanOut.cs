using ChitChatz.Gateway.Connections;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Rooms;

internal sealed partial class LocalRoom
{
    /// <summary>How many messages above a hole are kept while the hole is read; the rest is read again.</summary>
    private const int HeldMessages = 1_024;

    private readonly SortedList<long, ChatMessage> _held = [];
    private List<(long Seq, TaskCompletionSource Reached)>? _deliveryWaiters;
    private (long Epoch, long Seq) _early;
    private long _epoch;
    private long _delivered;

    /// <summary>A committed batch came, from the inbox or from a read. Delivers what is next, keeps what is early, ignores what was.</summary>
    public void OnMessages(long epoch, ChatMessage[] messages)
    {
        lock (_gate)
        {
            if (_members.Count == 0)
            {
                RememberEarly(epoch, messages[^1].Seq);
                return;
            }

            if (!EnterEpoch(epoch))
            {
                return;
            }

            foreach (ChatMessage message in messages)
            {
                if (message.Seq == _delivered + 1)
                {
                    Deliver(message);
                }
                else if (message.Seq > _delivered && _held.Count < HeldMessages)
                {
                    _held.TryAdd(message.Seq, message);
                }
            }

            DeliverHeld();
            if (messages[^1].Seq > _delivered)
            {
                // Streams keep the order of one silo: a hole is a lost push, not a late one.
                _instruments.GapFound();
                LearnHead(messages[^1].Seq);
                StartRepair();
            }
        }
    }

    /// <summary>Ends when everything up to a seq was queued to the members.</summary>
    public Task WhenDelivered(long seq)
    {
        lock (_gate)
        {
            if (_delivered >= seq)
            {
                return Task.CompletedTask;
            }

            TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            (_deliveryWaiters ??= []).Add((seq, reached));
            return reached.Task;
        }
    }

    /// <summary>Ends when everything that is known to be in the log was queued to the members.</summary>
    public Task WhenCaughtUp()
    {
        lock (_gate)
        {
            return _members.Count == 0 ? Task.CompletedTask : WhenDelivered(_knownHead);
        }
    }

    /// <summary>A push for a room whose first member is on its way in may be newer than the head in the member's answer.</summary>
    private void RememberEarly(long epoch, long seq)
    {
        if (_changing && (epoch, seq).CompareTo(_early) > 0)
        {
            _early = (epoch, seq);
        }
    }

    /// <summary>
    /// Follows the room into a new life of its log. False for an old one's messages. Members keep their place in the room, and get
    /// everything of the new life.
    /// </summary>
    private bool EnterEpoch(long epoch)
    {
        if (epoch < _epoch)
        {
            return false;
        }

        if (epoch > _epoch)
        {
            _epoch = epoch;
            _delivered = 0;
            _knownHead = 0;
            _held.Clear();
            foreach (RoomMember member in _members.Values)
            {
                (member.Start, member.SkippedFrom) = (0, 0);
            }

            EndReplays();

            // Those who wait for a seq of the old life would wait for nothing.
            _deliveryWaiters?.RemoveAll(static waiter => waiter.Reached.TrySetResult());
        }

        return true;
    }

    private void DeliverHeld()
    {
        while (_held.Count > 0 && _held.GetKeyAtIndex(0) <= _delivered + 1)
        {
            ChatMessage message = _held.GetValueAtIndex(0);
            _held.RemoveAt(0);
            if (message.Seq == _delivered + 1)
            {
                Deliver(message);
            }
        }
    }

    private void Deliver(ChatMessage message)
    {
        _delivered = message.Seq;
        MessageFrames frames = new(this, message, FrameTrace.Current);
        RoomMember[] members = _snapshot ??= [.. _members.Values];
        foreach (RoomMember member in members)
        {
            if (message.Seq <= member.Start)
            {
                continue;
            }

            if (member.Connection.IsVersion2)
            {
                SendOrSkip(member, message, ref frames);
            }
            else
            {
                member.Connection.Send(frames.For(member.Connection));
            }
        }

        _instruments.Delivered(members.Length);
        _deliveryWaiters?.RemoveAll(waiter => _delivered >= waiter.Seq && waiter.Reached.TrySetResult());
    }

    private MessageFrame ToFrame(ChatMessage message)
        => new(Name, _epoch, message.Seq, message.At, message.Name, message.Sub, Draft.IsClientId(message.Id) ? message.Id : null, message.Text);

    /// <summary>A message's frames, each encoded once, for all members that speak its version; only a sender whose token grows old gets one of its own.</summary>
    private struct MessageFrames(LocalRoom room, ChatMessage message, FrameTrace? trace = null)
    {
        private OutboundFrame? _version1;
        private OutboundFrame? _version2;

        public OutboundFrame For(IRoomConnection connection)
        {
            if (connection.WantsToken && connection.IsSender(message.Sub))
            {
                string token = connection.IssueToken(room.Name);
                return connection.IsVersion2 ? Version2(token) : Version1(token);
            }

            return connection.IsVersion2 ? _version2 ??= Version2(jwt: null) : _version1 ??= Version1(jwt: null);
        }

        public readonly OutboundFrame ForReplay() => Version2(jwt: null);

        private readonly OutboundFrame Version1(string? jwt)
            => OutboundFrame.Text((message, jwt), static (output, state) => FrameWriter.Message(output, state.message.Name, state.message.Text, state.jwt), trace);

        private readonly OutboundFrame Version2(string? jwt)
            => OutboundFrame.Text((Frame: room.ToFrame(message), jwt), static (output, state) => FrameWriter.Message(output, state.Frame, state.jwt), trace);
    }
}
