using System.Diagnostics;
using ChitChatz.Gateway.Sessions;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Connections;

internal sealed partial class ChatConnection
{
    private bool _gaveUp;

    private async ValueTask HandleAsync(ReadOnlyMemory<byte> utf8)
    {
        ProtocolError? error = EventReader.Read(utf8, _limits.TextLength, out ClientFrame frame, IsVersion2);
        BeginAnswer(frame);
        if (error is not null)
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
                Close(CloseCodes.Normal, ErrorCodes.Goodbye.Error, id: _answerId);
                return;
        }

        if (await AuthenticateAsync(frame) is not { } session)
        {
            return;
        }

        _canResume = true;
        if (frame.Event >= ClientEvent.GetHistory && !IsVersion2)
        {
            Refuse(ErrorCodes.BadRequest.Because("This connection speaks version 1; a further register may ask for version 2"));
            return;
        }

        switch (frame.Event)
        {
            case ClientEvent.Message:
                Activity? trace = GatewayTracing.StartMessage();
                await SlowDownAsync();
                if (IsOtherRoom(frame.Room))
                {
                    Refuse(ErrorCodes.WrongRoom.Error);
                    trace?.Dispose();
                    return;
                }

                await PostAsync(session, frame, trace);
                return;

            case ClientEvent.GetRoom:
                Send(RoomFrame(_room?.Name, DueToken(), _answerId));
                return;

            case ClientEvent.GetRooms:
                SendRooms(_services.Rooms.List.Snapshot(), DueToken(), _answerId);
                return;

            case ClientEvent.JoinRoom:
                await DraftsBelowAsync(1);
                await JoinAsync(session, frame);
                return;

            case ClientEvent.LeaveRoom:
                await DraftsBelowAsync(1);
                await AnswerLeaveAsync(frame);
                return;

            case ClientEvent.GetHistory:
                await AnswerHistoryAsync(frame);
                return;

            case ClientEvent.GetMembers:
                await AnswerMembersAsync(frame);
                return;

            case ClientEvent.Typing:
                ShowTyping(frame);
                return;

            case ClientEvent.Refresh:
                Send(RegisterFrame(IssueToken(_room?.Name), _answerId));
                return;
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

    // As it was spelled when the room began, which is how it is told to everybody, it needs no rules.
    private bool IsOtherRoom(string? asked)
        => asked is not null && _room is { } room && !string.Equals(asked, room.Name, StringComparison.Ordinal)
            && (NameRules.CheckRoom(asked, out CanonicalName name) is not null || name.Key != room.Key);
}
