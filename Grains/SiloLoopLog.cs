using Microsoft.Extensions.Logging;

namespace ChitChatz.Grains;

internal static partial class SiloLoopLog
{
    [LoggerMessage(1, LogLevel.Critical, "The background loop {Loop} ended by an error that it did not expect")]
    public static partial void LoopDied(this ILogger logger, Exception exception, string loop);
}
