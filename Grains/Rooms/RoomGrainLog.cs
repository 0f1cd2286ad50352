using Microsoft.Extensions.Logging;

namespace ChitChatz.Grains.Rooms;

internal static partial class RoomGrainLog
{
    [LoggerMessage(1, LogLevel.Information, "Another activation of room {Room} is ahead in the log; this one ends")]
    public static partial void Overtaken(this ILogger logger, string room);

    // Debug: the store's own warning is one for all rooms.
    [LoggerMessage(2, LogLevel.Debug, "The log of room {Room} cannot be read")]
    public static partial void LogUnavailable(this ILogger logger, Exception exception, string room);

    [LoggerMessage(3, LogLevel.Error, "An append of room {Room} ended by an error that the writer should have handled; this activation ends")]
    public static partial void AppendBroke(this ILogger logger, Exception exception, string room);
}
