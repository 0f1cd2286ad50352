using Microsoft.Extensions.Logging;

namespace ChitChatz.Storage.Sqlite;

internal static partial class SqliteMessageLogLog
{
    [LoggerMessage(LogLevel.Information, "Opened the database {Path}: schema {Found} -> {Version}, base epoch {Epoch}.")]
    public static partial void Opened(this ILogger logger, string path, int found, int version, long epoch);

    [LoggerMessage(LogLevel.Debug, "Closed the write connection after an error (outcome unclear: {OutcomeUnclear}); the next commit opens another one.")]
    public static partial void WriterDropped(this ILogger logger, Exception error, bool outcomeUnclear);

    [LoggerMessage(LogLevel.Warning, "Closed {Path} without writing its -wal file into it; the next start will. Keep the two files together.")]
    public static partial void NotCheckpointed(this ILogger logger, Exception error, string path);
}
