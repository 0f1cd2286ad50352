using Microsoft.Extensions.Logging;

namespace ChitChatz.Streaming;

/// <summary>Says once in ten seconds, and not for each item, that queues are full.</summary>
internal sealed class DropReport(string provider, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private long _dropped;
    private long _reported = long.MinValue;

    public void Dropped()
    {
        long total = Interlocked.Increment(ref _dropped);
        long reported = Volatile.Read(ref _reported);
        if (reported != long.MinValue && time.GetElapsedTime(reported) < Pause)
            return;
        if (Interlocked.CompareExchange(ref _reported, time.GetTimestamp(), reported) == reported)
            PushStreamLog.QueueFull(logger, provider, total);
    }
}
