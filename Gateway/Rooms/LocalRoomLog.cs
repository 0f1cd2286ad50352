using Microsoft.Extensions.Logging;

namespace ChitChatz.Gateway.Rooms;

internal static partial class LocalRoomLog
{
    [LoggerMessage(1, LogLevel.Debug, "An attempt to post {Count} drafts had no answer; they are sent again with the same ids")]
    public static partial void PostFailed(ILogger logger, int count, Exception exception);

    [LoggerMessage(2, LogLevel.Debug, "Reading missed messages failed; it is tried again")]
    public static partial void ReadFailed(ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "Telling a room's grain of its members broke; it is tried again")]
    public static partial void ChangeBroke(ILogger logger, Exception exception);

    [LoggerMessage(5, LogLevel.Error, "Posting {Count} drafts broke; their senders are told to try again")]
    public static partial void PostBroke(ILogger logger, int count, Exception exception);

    [LoggerMessage(6, LogLevel.Debug, "Asking a room who is in it, or telling it of somebody who types, failed")]
    public static partial void PeopleFailed(ILogger logger, Exception exception);

    [LoggerMessage(3, LogLevel.Debug, "A call about a room's members failed; it is tried again")]
    public static partial void MembershipFailed(ILogger logger, Exception exception);
}
