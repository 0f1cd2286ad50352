using Microsoft.Extensions.Logging;

namespace ChitChatz.Storage.Postgres;

internal static partial class PostgresMessageLogLog
{
    [LoggerMessage(LogLevel.Warning, "{Place} runs with fsync = off: a power cut or a crash of its machine may lose messages that were acknowledged.")]
    public static partial void NotDurable(this ILogger logger, string place);

    [LoggerMessage(LogLevel.Debug, "A commit of {Rooms} rooms met a conflict ({State}); each room is tried by itself.")]
    public static partial void Conflict(this ILogger logger, int rooms, string state);
}
