using System.Diagnostics;

namespace ChitChatz.Benchmarks.Measuring;

/// <summary>Patience that starts anew whenever a number changes.</summary>
internal sealed class Progress(TimeSpan patience)
{
    private long? _last;

    /// <summary>A Stopwatch timestamp.</summary>
    public long Deadline { get; private set; }

    public bool Continues(long number)
    {
        var now = Stopwatch.GetTimestamp();
        if (_last != number)
            (_last, Deadline) = (number, now + (long)(patience.TotalSeconds * Stopwatch.Frequency));

        return now < Deadline;
    }
}
