using Microsoft.Extensions.Logging;

namespace ChitChatz.Gateway.Sessions;

internal static partial class NameKeeperLog
{
    [LoggerMessage(1, LogLevel.Debug, "A claim to a name had no answer; it is made again")]
    public static partial void ClaimFailed(ILogger logger, Exception exception);
}
