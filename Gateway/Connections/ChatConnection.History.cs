using ChitChatz.Gateway.Rooms;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Connections;

internal sealed partial class ChatConnection
{
    private const int DefaultHistory = 50;

    /// <summary>Reads a part of the room's log for this member alone.</summary>
    private async Task AnswerHistoryAsync(ClientFrame frame)
    {
        if (RoomOf(frame) is not { } room)
        {
            return;
        }

        if (await room.ReadHistoryAsync(frame.After, frame.Before, frame.Limit ?? DefaultHistory) is not { } history)
        {
            Refuse(ErrorCodes.Unavailable.Error);
            return;
        }

        // One such answer may take a third of the queue.
        await _outbound.BelowAsync(_outbound.Capacity / 2);
        Send(OutboundFrame.Text((room.Name, history, Id: _answerId, Jwt: DueToken()), static (output, state) => FrameWriter.History(
            output, state.Name, state.history.Epoch, state.history.Messages, state.history.More, state.Id, state.Jwt)));
    }
}
