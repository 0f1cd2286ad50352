using ChitChatz.Benchmarks.Measuring;

namespace ChitChatz.Benchmarks.Scenarios;

/// <summary>
/// What one more message a second costs the servers: their CPU time at a rate less that at a quarter of it. What they do without any
/// message, and what a quiet process takes to wake up, is in both and falls out.
/// </summary>
internal sealed class Slope(LoadOptions options, int number) : OpenLoop(options, number)
{
    private double _seconds;
    private long _sends;

    protected override CpuTimes Load()
    {
        var low = Keep(Math.Max(1, Options.Rate / 4));
        var before = Measurement.Sends;
        var high = Keep(Options.Rate);
        _sends = Measurement.Sends - before - before;
        _seconds = high.Server - low.Server;
        return high;
    }

    protected override IEnumerable<RunResult.Figure> Figures(CpuTimes cpu) =>
    [
        new("server us/send", _seconds * 1e6 / _sends, "N1"),
        new("client cores", cpu.Own / Measurement.Length.TotalSeconds, "N2"),
    ];
}
