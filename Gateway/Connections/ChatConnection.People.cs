using ChitChatz.Gateway.Rooms;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Connections;

internal sealed partial class ChatConnection
{
    /// <summary>How often one sender's typing is shown; more often it is dropped.</summary>
    private static readonly TimeSpan s_typing = TimeSpan.FromSeconds(3);

    private long? _typedAt;

    /// <summary>The room that a request is about, if the connection is in it; null when the request was refused.</summary>
    private LocalRoom? RoomOf(in ClientFrame frame)
    {
        if (_room is null || IsOtherRoom(frame.Room))
        {
            Refuse(_room is null ? ErrorCodes.NotInRoom.Error : ErrorCodes.WrongRoom.Error);
            return null;
        }

        return _room;
    }

    private async Task AnswerMembersAsync(ClientFrame frame)
    {
        if (RoomOf(frame) is not { } room)
        {
            return;
        }

        if (await room.ReadPeopleAsync() is not { } people)
        {
            Refuse(ErrorCodes.Unavailable.Error);
            return;
        }

        Send(OutboundFrame.Text((room.Name, people, Id: _answerId, Jwt: DueToken()), static (output, state)
            => FrameWriter.Members(output, state.Name, state.people.Count, state.people.Names, state.Id, state.Jwt)));
    }

    private void ShowTyping(in ClientFrame frame)
    {
        if (RoomOf(frame) is not { } room)
        {
            return;
        }

        if (_typedAt is not { } typed || _time.GetElapsedTime(typed) >= s_typing)
        {
            _typedAt = _time.GetTimestamp();
            _ = room.ShowTypingAsync(Number);
        }

        if (_answerId is not null)
        {
            Send(OutboundFrame.Text((room.Name, Id: _answerId, Jwt: DueToken()), static (output, state)
                => FrameWriter.Ack(output, state.Name, state.Id, state.Jwt)));
        }
    }
}
