using Microsoft.Extensions.Logging;

namespace ChitChatz.Client.Telemetry;

/// <summary>What a client logs: never a token, never a text.</summary>
internal sealed partial class ChatClientLog(ILogger logger)
{
    [LoggerMessage(1, LogLevel.Information, "Connected to {Server}")]
    public partial void Connected(Uri server);

    [LoggerMessage(2, LogLevel.Warning, "Not connected to {Server}; the next attempt is in {Pause}")]
    public partial void Lost(Uri server, Exception reason, TimeSpan pause);

    [LoggerMessage(3, LogLevel.Error, "{Server} ended the connection for good")]
    public partial void Ended(Uri server, Exception reason);

    [LoggerMessage(4, LogLevel.Information, "{Server} goes away; leaving it in {Pause}")]
    public partial void Draining(Uri server, TimeSpan pause);

    [LoggerMessage(5, LogLevel.Debug, "Read {Count} messages of '{Room}' from its log")]
    public partial void ReadFromLog(string room, int count);

    [LoggerMessage(6, LogLevel.Debug, "A message to '{Room}' is put off: {Code}")]
    public partial void SendPutOff(string room, string? code);

    [LoggerMessage(7, LogLevel.Warning, "The server does not know this client any more and takes it for somebody else")]
    public partial void IdentityChanged();

    [LoggerMessage(8, LogLevel.Error, "A handler of the application failed")]
    public partial void HandlerFailed(Exception exception);

    [LoggerMessage(9, LogLevel.Debug, "The server refused something that was not asked for: {Code}")]
    public partial void ErrorPushed(string? code, Exception error);
}
