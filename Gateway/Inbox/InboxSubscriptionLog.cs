using Microsoft.Extensions.Logging;

namespace ChitChatz.Gateway.Inbox;

internal static partial class InboxSubscriptionLog
{
    [LoggerMessage(1, LogLevel.Warning, "The inbox could not be subscribed; trying again")]
    public static partial void SubscribeFailed(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "Heartbeats of the silos are missing on the inbox; subscribing again")]
    public static partial void HeartbeatsMissing(ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "The lease at the registry of gateways could not be renewed; trying again")]
    public static partial void RenewalFailed(ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Debug, "The inbox was not given back; its lease lapses by itself")]
    public static partial void UnsubscribeFailed(ILogger logger, Exception exception);
}
