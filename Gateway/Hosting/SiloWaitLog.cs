namespace ChitChatz.Gateway.Hosting;

internal static partial class SiloWaitLog
{
    [LoggerMessage(1, LogLevel.Information, "Waiting for a silo at 127.0.0.1:{Port} (Silo:GatewayPort): {Reason}")]
    public static partial void Waiting(ILogger logger, int port, string reason);

    [LoggerMessage(2, LogLevel.Warning, "The silo at 127.0.0.1:{Port} (Silo:GatewayPort) is gone. Waiting for it to come back")]
    public static partial void Lost(ILogger logger, int port);

    [LoggerMessage(3, LogLevel.Information, "The silo at 127.0.0.1:{Port} (Silo:GatewayPort) is back")]
    public static partial void Back(ILogger logger, int port);
}
