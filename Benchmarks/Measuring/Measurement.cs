using System.Diagnostics;
using HdrHistogram;

namespace ChitChatz.Benchmarks.Measuring;

/// <summary>Counts within a window of time. What arrives in it counts as throughput, what was sent in it as latency.</summary>
internal sealed class Measurement
{
    private static readonly double TicksPerMicrosecond = Stopwatch.Frequency / 1e6;

    // 1 microsecond to 60 s, three digits.
    private readonly LongHistogram _latency = new(60_000_000, 3);

    public long Sends { get; private set; }

    public long Deliveries { get; private set; }

    /// <summary>A Stopwatch timestamp, as all times here.</summary>
    public long From { get; private set; } = long.MaxValue;

    public long To { get; private set; } = long.MaxValue;

    public bool IsOpen => From < To;

    public TimeSpan Length => Stopwatch.GetElapsedTime(From, To);

    /// <summary>Sets the window; before that nothing counts.</summary>
    public void Open(long from, long to) => (From, To) = (from, to);

    public void CountSend(long sentAt)
    {
        if (sentAt >= From && sentAt < To)
            Sends++;
    }

    public void CountDelivery(long sentAt, long now)
    {
        if (now >= From && now < To)
            Deliveries++;

        if (sentAt >= From && sentAt < To)
            _latency.RecordValue(Math.Clamp((long)((now - sentAt) / TicksPerMicrosecond), 0, 60_000_000));
    }

    public double LatencyMilliseconds(double percentile) =>
        _latency.TotalCount == 0 ? double.NaN : _latency.GetValueAtPercentile(percentile) / 1000.0;
}
