namespace ChitChatz.Benchmarks.Measuring;

/// <summary>The figures of one run. "Cores" are CPU seconds a second: 1 is one core busy all the time.</summary>
/// <param name="Figures">In the order in which they are shown.</param>
/// <param name="Measured">What was counted within the window.</param>
/// <param name="Cpu">The CPU time of the window.</param>
/// <param name="Faults">What must not have happened.</param>
internal sealed record RunResult(IReadOnlyList<RunResult.Figure> Figures, Measurement Measured, CpuTimes Cpu, Faults Faults)
{
    /// <summary>What bringing the members into their rooms took.</summary>
    public static IEnumerable<Figure> Setup(Joins joins) =>
    [
        new("joins/s", joins.Count / joins.Elapsed.TotalSeconds, "N0"),
        new("server us/join", joins.Cpu.Server * 1e6 / joins.Count, "N0"),
        new("client us/join", joins.Cpu.Own * 1e6 / joins.Count, "N0"),
    ];

    /// <summary>What the window showed.</summary>
    public static IEnumerable<Figure> Load(Measurement measured, CpuTimes cpu)
    {
        var seconds = measured.Length.TotalSeconds;
        var microseconds = 1e6 / measured.Deliveries;
        return
        [
            new("sends/s", measured.Sends / seconds, "N0"),
            new("deliveries/s", measured.Deliveries / seconds, "N0"),
            new("p50 ms", measured.LatencyMilliseconds(50), "N2"),
            new("p99 ms", measured.LatencyMilliseconds(99), "N2"),
            new("max ms", measured.LatencyMilliseconds(100), "N1"),
            new("server us/delivery", cpu.Server * microseconds, "N2"),
            new("client us/delivery", cpu.Own * microseconds, "N2"),
            new("server cores", cpu.Server / seconds, "N2"),
            new("client cores", cpu.Own / seconds, "N2"),
            // Other programs and the kernel's own threads (and the server, if it was not named): where this is large, the
            // rates say little and only the cost of a delivery can be compared.
            new("other cores", (cpu.Machine - cpu.Own - (double.IsNaN(cpu.Server) ? 0 : cpu.Server)) / seconds, "N2"),
        ];
    }

    /// <summary>From the first dial to the last join.</summary>
    internal sealed record Joins(int Count, TimeSpan Elapsed, CpuTimes Cpu);

    /// <summary>A number with its name; NaN where it was not measured.</summary>
    internal sealed record Figure(string Name, double Value, string Format);
}
