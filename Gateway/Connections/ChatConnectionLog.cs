using Microsoft.Extensions.Logging;

namespace ChitChatz.Gateway.Connections;

/// <summary>What a client causes is Debug: its number and the address are enough to find it again; never a token, never a text.</summary>
internal static partial class ChatConnectionLog
{
    [LoggerMessage(1, LogLevel.Debug, "Connection {Connection} from {Address} opened")]
    public static partial void Opened(ILogger logger, long connection, System.Net.IPAddress? address);

    [LoggerMessage(2, LogLevel.Debug, "Connection {Connection} ended")]
    public static partial void Ended(ILogger logger, long connection);

    [LoggerMessage(3, LogLevel.Debug, "Connection {Connection}: the peer is gone")]
    public static partial void PeerGone(ILogger logger, long connection, Exception exception);

    [LoggerMessage(4, LogLevel.Debug, "Connection {Connection}: sending failed")]
    public static partial void WriteFailed(ILogger logger, long connection, Exception exception);

    [LoggerMessage(5, LogLevel.Debug, "Connection {Connection} refused: {Code}")]
    public static partial void Refused(ILogger logger, long connection, string code);

    [LoggerMessage(6, LogLevel.Warning, "Connection {Connection}: a step of the clean-up failed; leases heal it")]
    public static partial void CleanUpFailed(ILogger logger, long connection, Exception exception);

    [LoggerMessage(7, LogLevel.Error, "Connection {Connection}: an unexpected error ended it")]
    public static partial void Failed(ILogger logger, long connection, Exception exception);
}
