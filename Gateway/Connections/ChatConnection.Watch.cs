using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Connections;

internal sealed partial class ChatConnection
{
    private static readonly TimeSpan s_closeAnswer = TimeSpan.FromSeconds(5);

    /// <summary>How long one write may be stuck: a peer that takes nothing for so long is dead or an attacker.</summary>
    private static readonly TimeSpan s_stuckWrite = TimeSpan.FromSeconds(10);

    /// <summary>How long after half of a token's life a fresh one waits for a frame to ride on before one is sent for it.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(1);

    private readonly long _openedAt;
    private long _closingSince;

    /// <summary>Enforces this connection's deadlines. Called about once a second for every connection.</summary>
    public void Watch()
    {
        long closing = Volatile.Read(ref _closingSince);
        if (closing != 0 ? _time.GetElapsedTime(closing) > s_closeAnswer : _transport.WriteStuckFor > s_stuckWrite)
        {
            _abort();
            return;
        }

        long message = Volatile.Read(ref _messageSince);
        if (_limits.MessageSeconds > 0 && message != 0 && _time.GetElapsedTime(message) > TimeSpan.FromSeconds(_limits.MessageSeconds))
        {
            Close(CloseCodes.PolicyViolation, new ProtocolError(ErrorCodes.BadRequest, $"A message must arrive within {_limits.MessageSeconds} s"));
        }
        else if (_session is null && _limits.AuthenticateSeconds > 0 && _time.GetElapsedTime(_openedAt) > TimeSpan.FromSeconds(_limits.AuthenticateSeconds))
        {
            Close(CloseCodes.NotRegistered, ErrorCodes.NotRegistered.Error);
        }
        else if (_session is not null)
        {
            WatchToken();
        }
    }

    private void WatchToken()
    {
        TimeSpan overdue = _time.GetUtcNow() - _tokenHalfLife;
        if (overdue < TimeSpan.Zero)
        {
            return;
        }

        WantsToken = true;
        if (overdue > s_silence)
        {
            SendRooms(_services.Rooms.List.Snapshot(), IssueToken(_room?.Name));
        }
    }
}
