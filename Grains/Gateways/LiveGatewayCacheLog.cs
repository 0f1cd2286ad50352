using Microsoft.Extensions.Logging;

namespace ChitChatz.Grains.Gateways;

internal static partial class LiveGatewayCacheLog
{
    [LoggerMessage(1, LogLevel.Warning, "The registry of gateways does not answer; the last known gateways stay in use")]
    public static partial void RegistrySilent(this ILogger logger, Exception exception);
}
