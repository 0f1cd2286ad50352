using Microsoft.Extensions.Logging;

namespace ChitChatz.Storage;

/// <summary>Remembers the last success and failure, and logs only the changes between them: a full disk fails thousands of times a second.</summary>
internal sealed class LogHealthTracker(string work, TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private string? _problem;
    private long _seen;
    private long _failures;

    public LogHealth Current
    {
        get
        {
            lock (_gate)
            {
                return _problem is null || time.GetElapsedTime(_seen) > LogHealth.Memory
                    ? new LogHealth(true, null)
                    : new LogHealth(false, _problem);
            }
        }
    }

    public void Succeeded()
    {
        if (Volatile.Read(ref _problem) is null)
            return;

        long failures;
        lock (_gate)
        {
            failures = _failures;
            _problem = null;
            _failures = 0;
        }

        logger.Recovered(work, failures);
    }

    public void Failed(Exception error)
    {
        bool first;
        lock (_gate)
        {
            first = _problem is null;
            _problem = error.Message;
            _seen = time.GetTimestamp();
            _failures++;
        }

        if (first)
            logger.Failing(error, work, error.Message);
    }
}
