using Microsoft.Extensions.Logging;

namespace ChitChatz.Storage.Postgres;

internal static partial class PostgresMessageLogLog
{
    [LoggerMessage(LogLevel.Warning, "{Place} runs with fsync = off: a power cut or a crash of its machine may lose messages that were acknowledged.")]
    public static partial void NotDurable(this ILogger logger, string place);

    [LoggerMessage(LogLevel.Debug, "A commit of {Rooms} rooms met a conflict ({State}).")]
    public static partial void Conflict(this ILogger logger, int rooms, string state);

    [LoggerMessage(LogLevel.Warning, "A commit waited {Waits} times for a lock that somebody else holds on the message log. What it had not stored by then fails, and may come again.")]
    public static partial void Locked(this ILogger logger, int waits);
}
