using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.Logging;

namespace ChitChatz.Grains;

internal static partial class StreamInboxesLog
{
    // Debug: a dying gateway causes many, and the instrument counts them.
    [LoggerMessage(1, LogLevel.Debug, "An item for gateway {Gateway} was not put into its inbox; the gateway repairs it from the log")]
    public static partial void PushFailed(this ILogger logger, Exception exception, GatewayId gateway);
}
