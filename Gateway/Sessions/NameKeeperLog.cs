using Microsoft.Extensions.Logging;

namespace ChitChatz.Gateway.Sessions;

internal static partial class NameKeeperLog
{
    [LoggerMessage(1, LogLevel.Debug, "A claim to a name had no answer; it is made again")]
    public static partial void ClaimFailed(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Debug, "A name could not be given back; it is tried again for half a minute")]
    public static partial void ReleaseFailed(ILogger logger, Exception exception);
}
