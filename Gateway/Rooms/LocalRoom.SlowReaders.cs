using ChitChatz.Gateway.Connections;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Rooms;

/// <summary>
/// A member of version 2 that reads too slowly is sent nothing until half of what waits for it is gone; then a gap says what it missed,
/// and it goes on with the next message. A member of version 1 knows no gap, and is cut by its connection.
/// </summary>
internal sealed partial class LocalRoom
{
    private bool _skips;

    /// <summary>Tells the members that have caught up what they missed. False when nobody is behind any more.</summary>
    public bool CheckSkipping()
    {
        lock (_gate)
        {
            _skips = false;
            foreach (RoomMember member in _members.Values)
            {
                _skips |= member.SkippedFrom > 0 && !TryEndSkipping(member, _delivered);
            }

            return _skips;
        }
    }

    /// <summary>Sends a message to a member, or notes that it was too slow for it. Under the lock.</summary>
    private void SendOrSkip(RoomMember member, ChatMessage message, ref MessageFrames frames)
    {
        if (member.SkippedFrom > 0 && !TryEndSkipping(member, message.Seq - 1))
        {
            return;
        }

        if (!member.Connection.TrySend(frames.For(member.Connection)))
        {
            member.SkippedFrom = message.Seq;
            _instruments.SlowReaderSkipped();
            if (!_skips)
            {
                _skips = true;
                _rooms.WatchSkipping(this);
            }
        }
    }

    /// <summary>Goes on behind messages that the log does not keep any more, if that is still where the room stands.</summary>
    private void SkipTo(long epoch, long after, long seq)
    {
        lock (_gate)
        {
            if (epoch != _epoch || _delivered != after || seq <= after)
            {
                return;
            }

            _delivered = seq;
            foreach (RoomMember member in _members.Values)
            {
                if (member.Connection.IsVersion2 && member.Start < seq)
                {
                    member.SkippedFrom = member.SkippedFrom > 0 ? member.SkippedFrom : Math.Max(member.Start, after) + 1;
                    _rooms.WatchSkipping(this);
                }
            }
        }
    }

    private bool TryEndSkipping(RoomMember member, long to)
    {
        IRoomConnection connection = member.Connection;
        if (!connection.IsDrained || !connection.TrySend(GapFrame(member.SkippedFrom, to)))
        {
            return false;
        }

        member.SkippedFrom = 0;
        return true;
    }

    private OutboundFrame GapFrame(long from, long to)
        => OutboundFrame.Text((Name, from, to), static (output, gap) => FrameWriter.Gap(output, gap.Name, gap.from, gap.to));
}
