using Microsoft.Extensions.Logging;

namespace ChitChatz.Grains.Rooms;

internal static partial class RoomReporterLog
{
    [LoggerMessage(1, LogLevel.Warning, "Shard {Shard} of the directory took no report; its rooms are reported again")]
    public static partial void ReportFailed(this ILogger logger, Exception exception, int shard);
}
