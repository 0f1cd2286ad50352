using Microsoft.Extensions.Logging;

namespace ChitChatz.Grains.Names;

internal static partial class UserGrainLog
{
    [LoggerMessage(1, LogLevel.Warning, "The registry of gateways does not answer; the holder of a name is taken to be alive")]
    public static partial void RegistrySilent(this ILogger logger, Exception exception);
}
