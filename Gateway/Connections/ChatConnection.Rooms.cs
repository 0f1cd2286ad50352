using ChitChatz.Gateway.Rooms;
using ChitChatz.Gateway.Sessions;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Connections;

internal sealed partial class ChatConnection
{
    /// <summary>How long a leave waits for the grain and the list before it is answered all the same: the connection is out already.</summary>
    private static readonly TimeSpan s_leaveBudget = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_echoBudget = TimeSpan.FromSeconds(1);

    /// <summary>Set for a join whose fields were spelled inside data: the room follows in a frame of its own.</summary>
    private bool _answerWithRoom;

    /// <summary>How the grain is told of this connection.</summary>
    public Member AsMember() => new(Number, _session!.Identity.Sub, _session.Identity.Name, Watches: IsVersion2);

    /// <inheritdoc />
    public string? IssueJoinToken(string roomName) => _entersSilently ? null : IssueToken(roomName);

    /// <summary>
    /// The answer to a join: a token that names the room, for version 2 also where its log stands, and for those of version 1 who spell
    /// their fields inside data the room's name.
    /// </summary>
    public OutboundFrame[] AnswerJoin(in JoinAnswer answer)
    {
        if (answer.Token is null)
        {
            return [];
        }

        if (IsVersion2)
        {
            return [OutboundFrame.Text((answer, Id: _answerId), static (output, state)
                => FrameWriter.Register(output, state.answer.Room, state.answer.Epoch, state.answer.Head, state.answer.Recovered, state.answer.Token!, state.Id))];
        }

        OutboundFrame register = RegisterFrame(answer.Token, id: null);
        return _answerWithRoom ? [register, RoomFrame(answer.Room, jwt: null, id: null)] : [register];
    }

    private async Task JoinAsync(Session session, ClientFrame frame)
    {
        if (NameRules.CheckRoom(frame.Room!, out CanonicalName name) is { } error)
        {
            Refuse(error);
            return;
        }

        _answerWithRoom = frame.InsideData;
        bool again = _room?.Key == name.Key;
        if (again && !IsVersion2)
        {
            string room = _room!.Name;
            Array.ForEach(AnswerJoin(new JoinAnswer(room, 0, 0, Recovered: false, IssueToken(room))), Send);
            return;
        }

        if (!_joinRate.TryTake())
        {
            Refuse(ErrorCodes.RateLimited.Because("You join rooms too often; try again in a moment"), _joinRate.UntilNext());
            return;
        }

        if (again)
        {
            await JoinAgainAsync(session, name, frame);
            return;
        }

        if (!_handshake.Lease.IsExempt && !_services.Rooms.List.Contains(name.Key) && !_services.NewRooms.TryCreate(session.Identity.Sub, out TimeSpan retryAfter))
        {
            Refuse(ErrorCodes.RateLimited.Because("You make too many new rooms; try again in a moment"), retryAfter);
            return;
        }

        await LeaveRoomAsync(lost: false);
        JoinOutcome outcome = await EnterAsync(session, name, onlyIfLost: false, frame.After);
        if (outcome != JoinOutcome.Joined)
        {
            Refuse(ErrorCodes.Unavailable.Error, jwt: IssueToken(room: null));
        }
    }

    /// <summary>Version 2, in the room already: the room tells where its log stands, and brings what the client says that it misses.</summary>
    private async Task JoinAgainAsync(Session session, CanonicalName name, ClientFrame frame)
    {
        if (await EnterAsync(session, name, onlyIfLost: false, frame.After) != JoinOutcome.Joined)
        {
            Refuse(ErrorCodes.Unavailable.Error);
        }
    }

    private async Task<JoinOutcome> EnterAsync(Session session, CanonicalName name, bool onlyIfLost, LogPosition? after = null)
    {
        Member member = AsMember();
        (JoinOutcome outcome, LocalRoom room) = await _services.Rooms.JoinAsync(name, this, member, onlyIfLost, after);
        if (outcome == JoinOutcome.Joined)
        {
            _room = room;
        }

        return outcome;
    }

    private async Task AnswerLeaveAsync(ClientFrame frame)
    {
        if (_room is null)
        {
            Refuse(ErrorCodes.NotInRoom.Error);
            return;
        }

        await LeaveRoomAsync(lost: false);
        Send(RegisterFrame(IssueToken(room: null), _answerId));
        if (frame.InsideData)
        {
            Send(RoomFrame(room: null, jwt: null, id: null));
        }
    }

    /// <summary>Takes the connection out of its room. When this ends the list of rooms shows it, or the grain did not answer for too long.</summary>
    private async Task LeaveRoomAsync(bool lost)
    {
        if (_room is not { } room)
        {
            return;
        }

        try
        {
            if (!lost)
            {
                // Its own messages are in the log; it sees their echoes before it goes.
                await room.WhenDelivered(_lastStored).WaitAsync(s_echoBudget, _time);
            }
        }
        catch (TimeoutException)
        {
            // Their pushes were lost, and the room is still reading them.
        }

        _room = null;
        _lastStored = 0;
        try
        {
            await room.Leave(Number, lost).WaitAsync(s_leaveBudget, _time);
        }
        catch (TimeoutException)
        {
            // Out it is; the grain learns it as soon as it answers.
        }
    }
}
