using System.Data.Common;
using ChitChatz.Hosting.Start;
using ChitChatz.Storage;

namespace ChitChatz.Silo.Storage;

/// <summary>
/// Opens what is kept in a database. One that is away at start is waited for, and the log and the health endpoints say so: a supervisor
/// that starts a silo again and again takes longer each time, and would be late when the database is back. One that answers and refuses
/// ends the start at once.
/// </summary>
internal sealed class DatabaseAtStart(StartupPhase phase, TimeProvider time, ILogger<DatabaseAtStart> logger)
{
    /// <summary>Longer than a restart or a fail-over of PostgreSQL takes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <exception cref="StartupException">It refuses, or it has been away for too long.</exception>
    public async Task OpenAsync(Func<CancellationToken, Task> open, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        while (true)
        {
            try
            {
                await open(cancellationToken);
                phase.WaitsFor = null;
                return;
            }
            catch (LogUnavailableException exception)
            {
                if (!IsAway(exception) || time.GetElapsedTime(began) >= Patience)
                    throw new StartupException(exception.Message, exception);
                if (phase.WaitsFor is null)
                    DatabaseAtStartLog.Waiting(logger, exception.Message, (int)Patience.TotalSeconds);
                phase.WaitsFor = exception.Message;
            }

            await Task.Delay(s_pause, time, cancellationToken);
        }
    }

    private static bool IsAway(LogUnavailableException exception) => exception.InnerException is DbException { IsTransient: true } or TimeoutException;
}

internal static partial class DatabaseAtStartLog
{
    [LoggerMessage(LogLevel.Warning, "{Problem} Waiting for it, at most {Seconds} s")]
    public static partial void Waiting(ILogger logger, string problem, int seconds);
}
