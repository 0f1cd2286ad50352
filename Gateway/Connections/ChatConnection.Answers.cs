using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Connections;

/// <summary>
/// Frames for this client alone. A request of version 2 that has an id gets exactly one answer, which bears it: requests are worked on
/// one after the other, and a text's answer comes with its outcome.
/// </summary>
internal sealed partial class ChatConnection
{
    /// <summary>What a client of version 2 should wait for when the service does not say better.</summary>
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(1);

    /// <summary>The id of the request under way; null when it has none.</summary>
    private string? _answerId;

    /// <summary>Whether the request under way is answered as version 2 asks for.</summary>
    private bool _answersVersion2;

    private void BeginAnswer(in ClientFrame frame)
    {
        // The version is settled by a frame that authenticates; until then each frame says for itself which one it speaks.
        _answersVersion2 = IsVersion2 || (frame.AsksForVersion2 && (_session is null || frame.Event == ClientEvent.Register));
        _answerId = _answersVersion2 ? frame.Id : null;
    }

    private static OutboundFrame RoomFrame(string? room, string? jwt, string? id)
        => OutboundFrame.Text((room, jwt, id), static (output, state) => FrameWriter.Room(output, state.room, state.jwt, state.id));

    private static OutboundFrame RegisterFrame(string jwt, string? id)
        => OutboundFrame.Text((jwt, id), static (output, state) => FrameWriter.Register(output, state.jwt, state.id));

    private OutboundFrame ErrorFrame(ProtocolError error, string? jwt, string? id, TimeSpan? retryAfter = null)
    {
        if (!_answersVersion2)
        {
            return OutboundFrame.Text((error, jwt), static (output, state) => FrameWriter.Error(output, state.error, state.jwt));
        }

        if (error.Code.Retry && retryAfter is null && error.Code != ErrorCodes.NameTaken)
        {
            retryAfter = s_retryAfter;
        }

        return OutboundFrame.Text((error, retryAfter, id, jwt), static (output, state)
            => FrameWriter.Error(output, state.error, state.retryAfter, state.id, state.jwt));
    }

    /// <summary>Answers the request under way with an error.</summary>
    private void Refuse(ProtocolError error, TimeSpan? retryAfter = null, string? jwt = null) => Refuse(error, _answerId, retryAfter, jwt);

    /// <summary>Answers with an error. Malformed and forbidden frames are counted; too many of them end the connection.</summary>
    private void Refuse(ProtocolError error, string? id, TimeSpan? retryAfter = null, string? jwt = null)
    {
        _services.Instruments.Refused(error.Code);
        ChatConnectionLog.Refused(_services.Logger, Number, error.Code.Name);
        Send(ErrorFrame(error, jwt ?? DueToken(), id, retryAfter));
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
