namespace ChitChatz.Gateway.Hosting;

internal static partial class SiloWaitLog
{
    [LoggerMessage(1, LogLevel.Information, "Waiting for {Silos}: {Reason}")]
    public static partial void Waiting(ILogger logger, string silos, string reason);

    [LoggerMessage(2, LogLevel.Warning, "No silo is left: {Silos}. Waiting for one")]
    public static partial void Lost(ILogger logger, string silos);

    [LoggerMessage(3, LogLevel.Information, "A silo is back: {Silos}")]
    public static partial void Back(ILogger logger, string silos);
}
