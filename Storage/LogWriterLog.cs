using Microsoft.Extensions.Logging;

namespace ChitChatz.Storage;

internal static partial class LogWriterLog
{
    [LoggerMessage(LogLevel.Error, "The message log cannot {Work}: {Problem} Until it can, further failures are counted and not logged.")]
    public static partial void Failing(this ILogger logger, Exception error, string work, string problem);

    [LoggerMessage(LogLevel.Information, "The message log can {Work} again, after {Failures} failures.")]
    public static partial void Recovered(this ILogger logger, string work, long failures);

    [LoggerMessage(LogLevel.Warning, "It is unclear whether a commit of {Rooms} rooms happened. Each room's rows are read back before it goes on.")]
    public static partial void Unclear(this ILogger logger, int rooms);

    [LoggerMessage(LogLevel.Critical, "The message log broke its contract; the outcome of the commit is taken as unclear.")]
    public static partial void Broken(this ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Warning, "Stopping with {Appends} appends still open; they end without a known outcome.")]
    public static partial void Abandoned(this ILogger logger, int appends);
}
