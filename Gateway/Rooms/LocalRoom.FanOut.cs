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
            foreach (RoomMember member in _members.Values.ToArray())
            {
                _members[member.Connection.Number] = member with { Start = 0 };
            }

            OnMembersChanged();

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
        OutboundFrame frame = OutboundFrame.Text(message, static (output, message) => FrameWriter.Message(output, message.Name, message.Text, jwt: null));
        RoomMember[] members = _snapshot ??= [.. _members.Values];
        foreach (RoomMember member in members)
        {
            if (message.Seq <= member.Start)
            {
                continue;
            }

            IRoomConnection connection = member.Connection;
            if (connection.WantsToken && connection.IsSender(message.Sub))
            {
                connection.Send(OutboundFrame.Text((message, Jwt: connection.IssueToken(Name)), static (output, state)
                    => FrameWriter.Message(output, state.message.Name, state.message.Text, state.Jwt)));
            }
            else
            {
                connection.Send(frame);
            }
        }

        _instruments.Delivered(members.Length);
        _deliveryWaiters?.RemoveAll(waiter => _delivered >= waiter.Seq && waiter.Reached.TrySetResult());
    }
}
