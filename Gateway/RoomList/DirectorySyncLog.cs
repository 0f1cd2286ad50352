using Microsoft.Extensions.Logging;

namespace ChitChatz.Gateway.RoomList;

internal static partial class DirectorySyncLog
{
    [LoggerMessage(1, LogLevel.Warning, "The list of rooms could not be renewed at shard {Shard}; it stays as it is until the next try")]
    public static partial void RenewalFailed(ILogger logger, int shard, Exception exception);

    [LoggerMessage(2, LogLevel.Debug, "The leases on the list of rooms were not given back; they lapse by themselves")]
    public static partial void ReleaseFailed(ILogger logger, Exception exception);
}
