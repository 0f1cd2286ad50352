using Orleans.Runtime.Providers;

namespace ChitChatz.Streaming;

/// <summary>Doubles from the first pause to the longest, with jitter of a half, so that retries of many queues do not march in step.</summary>
internal sealed class PushBackoff(TimeSpan min, TimeSpan max) : IMessageDeliveryBackoffProvider, IQueueReaderBackoffProvider
{
    public TimeSpan Next(int attempt)
    {
        // 2^20 times the shortest pause of 1 ms is far above the longest: the shift cannot overflow.
        double full = Math.Min(min.TotalMilliseconds * (1 << Math.Clamp(attempt, 0, 20)), max.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Max(min.TotalMilliseconds, full * (0.5 + (Random.Shared.NextDouble() / 2))));
    }
}
