using ChitChatz.Gateway.RoomList;
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
    private bool _gaveUp;

    private async ValueTask HandleAsync(ReadOnlyMemory<byte> utf8)
    {
        if (EventReader.Read(utf8, _limits.TextLength, out ClientFrame frame) is { } error)
        {
            Refuse(error);
            return;
        }

        switch (frame.Event)
        {
            case ClientEvent.Register:
                await DraftsBelowAsync(1);
                await RegisterAsync(frame);
                return;

            case ClientEvent.Error:
                await DraftsBelowAsync(1);
                _gaveUp = true;
                Close(CloseCodes.Normal, ErrorCodes.Goodbye.Error);
                return;
        }

        if (await AuthenticateAsync(frame) is not { } session)
        {
            return;
        }

        switch (frame.Event)
        {
            case ClientEvent.Message:
                await SlowDownAsync();
                if (IsOtherRoom(frame.Room))
                {
                    Refuse(ErrorCodes.WrongRoom.Error);
                    return;
                }

                await PostAsync(session, frame.Text!);
                return;

            case ClientEvent.GetRoom:
                SendRoom();
                return;

            case ClientEvent.GetRooms:
                SendRooms(_services.Rooms.List.Snapshot(), DueToken());
                return;

            case ClientEvent.JoinRoom:
                await DraftsBelowAsync(1);
                await JoinAsync(session, frame);
                return;

            case ClientEvent.LeaveRoom:
                await DraftsBelowAsync(1);
                await AnswerLeaveAsync(frame);
                return;
        }
    }

    /// <summary>The answer to a join: a token that names the room, and the room's name for those who spell their fields inside data.</summary>
    public OutboundFrame[] AnswerJoin(string roomName)
    {
        if (_entersSilently)
        {
            return [];
        }

        OutboundFrame answer = RegisterFrame(IssueToken(roomName));
        return _answerWithRoom ? [answer, RoomFrame(roomName, jwt: null)] : [answer];
    }

    /// <summary>How the grain is told of this connection.</summary>
    public Member AsMember() => new(Number, _session!.Identity.Sub, _session.Identity.Name);

    private async Task JoinAsync(Session session, ClientFrame frame)
    {
        if (NameRules.CheckRoom(frame.Room!, out CanonicalName name) is { } error)
        {
            Refuse(error);
            return;
        }

        _answerWithRoom = frame.InsideData;
        if (_room?.Key == name.Key)
        {
            Array.ForEach(AnswerJoin(_room.Name), Send);
            return;
        }

        if (!_joinRate.TryTake())
        {
            Refuse(new ProtocolError(ErrorCodes.RateLimited, "You change rooms too often; try again in a moment"));
            return;
        }

        if (!_handshake.Lease.IsExempt && !_services.Rooms.List.Contains(name.Key) && !_services.NewRooms.TryCreate(session.Identity.Sub, out _))
        {
            Refuse(new ProtocolError(ErrorCodes.RateLimited, "You make too many new rooms; try again in a moment"));
            return;
        }

        await LeaveRoomAsync(lost: false);
        JoinOutcome outcome = await EnterAsync(session, name, onlyIfLost: false);
        if (outcome != JoinOutcome.Joined)
        {
            Refuse(ErrorCodes.Unavailable.Error, IssueToken(room: null));
        }
    }

    private async Task<JoinOutcome> EnterAsync(Session session, CanonicalName name, bool onlyIfLost)
    {
        Member member = new(Number, session.Identity.Sub, session.Identity.Name);
        (JoinOutcome outcome, LocalRoom room) = await _services.Rooms.JoinAsync(name, this, member, onlyIfLost);
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
        Send(RegisterFrame(IssueToken(room: null)));
        if (frame.InsideData)
        {
            Send(RoomFrame(room: null, jwt: null));
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

    /// <summary>Over its rate a connection is read more slowly; no text is refused for that, nor lost when its sender hangs up meanwhile.</summary>
    private async ValueTask SlowDownAsync()
    {
        TimeSpan wait = _messageRate.Take();
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, _time);
        }
    }

    private bool IsOtherRoom(string? asked)
        => asked is not null && _room is { } room
            && (NameRules.CheckRoom(asked, out CanonicalName name) is not null || name.Key != room.Key);

    private void SendRoom() => Send(RoomFrame(_room?.Name, DueToken()));

    private static OutboundFrame RoomFrame(string? room, string? jwt)
        => OutboundFrame.Text((room, jwt), static (output, state) => FrameWriter.Room(output, state.room, state.jwt));

    private static OutboundFrame RegisterFrame(string jwt)
        => OutboundFrame.Text(jwt, static (output, jwt) => FrameWriter.Register(output, jwt));

    /// <summary>Answers with an error. Malformed and forbidden frames are counted; too many of them end the connection.</summary>
    private void Refuse(ProtocolError error, string? jwt = null)
    {
        _services.Instruments.Refused(error.Code);
        ChatConnectionLog.Refused(_services.Logger, Number, error.Code.Name);
        Send(ErrorFrame(error, jwt ?? DueToken()));
        if (!error.Code.Violation)
        {
            return;
        }

        bool bearable;
        lock (_violationsGate)
        {
            bearable = _violations.TryCount();
        }

        if (!bearable)
        {
            Close(CloseCodes.PolicyViolation, ErrorCodes.TooManyViolations.Error);
        }
    }
}
