using System.Diagnostics;
using ChitChatz.Benchmarks.Measuring;
using MathNet.Numerics;

namespace ChitChatz.Benchmarks.Scenarios;

/// <summary>
/// The servers' memory while members sit in their rooms and nobody speaks, at a fifth, a half and all of the connections. The slope is
/// what one more costs; what the servers take without any is not in it.
/// </summary>
internal sealed class IdleMemory(LoadOptions options, int number) : LoadRun(options, number)
{
    private readonly List<(int Connections, Memory Memory)> _points = [];

    protected override Member[] First => Members[..(Members.Length / 5)];

    protected override CpuTimes Load()
    {
        Measure(First.Length);
        foreach (var (from, to) in new[] { (Members.Length / 5, Members.Length / 2), (Members.Length / 2, Members.Length) })
        {
            Connect(Members[from..to]);
            Measure(to);
        }

        return default;
    }

    protected override IEnumerable<RunResult.Figure> Figures(CpuTimes cpu) =>
    [
        new("KiB/connection", Slope(static memory => memory.Private), "N1"),
        new("RSS KiB/connection", Slope(static memory => memory.Resident), "N1"),
        .. _points.Select(static point => new RunResult.Figure($"MiB at {point.Connections}", point.Memory.Private / 1024.0, "N0")),
    ];

    private void Measure(int connections)
    {
        // What setting up has left behind goes: its buffers, and what the collector still gives back.
        RunUntil(Stopwatch.GetTimestamp() + Options.Seconds * Stopwatch.Frequency);
        _points.Add((connections, Memory.Of(Options.ServerPids)));
    }

    private double Slope(Func<Memory, double> of) =>
        Fit.Line([.. _points.Select(static point => (double)point.Connections)], [.. _points.Select(point => of(point.Memory))]).B;
}
