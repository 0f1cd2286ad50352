using ChitChatz.Benchmarks.Measuring;

namespace ChitChatz.Benchmarks.Scenarios;

/// <summary>
/// What one more message a second costs the servers: their CPU time at a rate less that at a quarter of it. What they do without any
/// message, and what a quiet process takes to wake up, is in both and falls out. Before both the rate is kept once for nothing, since what is compiled in the
/// first of them would be taken off the second.
/// </summary>
internal sealed class Slope(LoadOptions options, int number) : OpenLoop(options, number)
{
    private const int SettlingSeconds = 2;

    private double _seconds;
    private long _sends;

    protected override CpuTimes Load()
    {
        var settling = Math.Min(SettlingSeconds, Options.Warmup);
        Keep(Options.Rate, Options.Warmup);
        var first = Measurement.Sends;
        var low = Keep(Math.Max(1, Options.Rate / 4), settling);
        var second = Measurement.Sends;
        var high = Keep(Options.Rate, settling);
        _sends = Measurement.Sends - second - (second - first);
        _seconds = high.Server - low.Server;
        return high;
    }

    protected override IEnumerable<RunResult.Figure> Figures(CpuTimes cpu) =>
    [
        new("server us/send", _seconds * 1e6 / _sends, "N1"),
        new("client cores", cpu.Own / Measurement.Length.TotalSeconds, "N2"),
    ];
}
