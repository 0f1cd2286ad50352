using System.Globalization;
using HdrHistogram;

namespace ChitChatz.Chaos.Report;

/// <summary>How long nothing succeeded: the longest pause of each run, of all runs as a histogram.</summary>
public sealed class Gaps
{
    private static readonly double[] s_edges = [0.1, 0.25, 0.5, 1, 2, 4, 10, 30];

    // Milliseconds, up to ten minutes, three digits.
    private readonly LongHistogram _histogram = new(600_000, 3);
    private readonly List<double> _seconds = [];

    /// <summary>How many runs.</summary>
    public int Count => _seconds.Count;

    /// <summary>The longest of all, in seconds; 0 without any.</summary>
    public double Max => _seconds.Count == 0 ? 0 : _seconds.Max();

    /// <summary>
    /// The longest time between two successes, in seconds. The ends of the window count as successes: what had not come when it closed
    /// was missing until then.
    /// </summary>
    /// <param name="successes">When something succeeded, in microseconds, in any order.</param>
    /// <param name="from">The window's beginning.</param>
    /// <param name="to">The window's end.</param>
    public static double Longest(IEnumerable<long> successes, long from, long to)
    {
        long longest = 0;
        var before = from;
        foreach (var at in successes.Where(at => at > from && at < to).Order().Append(to))
        {
            longest = Math.Max(longest, at - before);
            before = at;
        }

        return longest / 1e6;
    }

    /// <summary>Adds a run's.</summary>
    public void Add(double seconds)
    {
        _seconds.Add(seconds);
        _histogram.RecordValue(Math.Clamp((long)(seconds * 1_000), 0, 600_000));
    }

    /// <summary>A percentile, in seconds.</summary>
    public double Percentile(double percentile) => Count == 0 ? 0 : _histogram.GetValueAtPercentile(percentile) / 1_000.0;

    /// <summary>One line of figures, and how many lie where.</summary>
    public override string ToString()
    {
        if (Count == 0)
            return "none";
        var below = 0.0;
        List<string> bars = [];
        foreach (var edge in s_edges.Append(double.PositiveInfinity))
        {
            if (_seconds.Count(seconds => seconds >= below && seconds < edge) is > 0 and var count)
                bars.Add(string.Create(CultureInfo.InvariantCulture, $"{(double.IsInfinity(edge) ? $">= {below}" : $"< {edge}")} s: {count}"));
            below = edge;
        }

        return string.Create(CultureInfo.InvariantCulture, $"n {Count}, p50 {Percentile(50):0.00} s, p99 {Percentile(99):0.00} s, max {Max:0.00} s;  {string.Join(",  ", bars)}");
    }
}
