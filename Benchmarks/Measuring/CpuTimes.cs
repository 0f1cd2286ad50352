using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;

namespace ChitChatz.Benchmarks.Measuring;

/// <summary>CPU seconds since start: of the servers, of this process, of the whole machine. From Linux's /proc.</summary>
/// <param name="Server">Of all its processes; NaN where none was named, or one has ended.</param>
internal readonly record struct CpuTimes(double Server, double Own, double Machine)
{
    private const double TicksPerSecond = 100; // USER_HZ, which is 100 on every architecture that .NET runs on

    public static CpuTimes Now(ImmutableArray<int> serverPids) => new(
        serverPids.IsEmpty ? double.NaN : serverPids.Sum(OfProcess),
        Environment.CpuUsage.TotalTime.TotalSeconds,
        OfMachine());

    public static CpuTimes operator -(CpuTimes later, CpuTimes earlier) =>
        new(later.Server - earlier.Server, later.Own - earlier.Own, later.Machine - earlier.Machine);

    private static double OfProcess(int pid)
    {
        try
        {
            // The second field, the program's name, may hold blanks: count behind its closing bracket.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (Ticks(fields[11]) + Ticks(fields[12])) / TicksPerSecond;
        }
        catch (IOException)
        {
            // It has ended. That is for its members to say, who lose their connections.
            return double.NaN;
        }
    }

    // Elapsed less idle, not the sum of the busy fields: those are sampled at the timer's ticks, and a load that runs on a
    // schedule can hide between two of them.
    private static double OfMachine()
    {
        // cpu user nice system idle iowait ...
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var elapsed = Stopwatch.GetElapsedTime(0).TotalSeconds;
        return elapsed * Environment.ProcessorCount - (Ticks(fields[4]) + Ticks(fields[5])) / TicksPerSecond;
    }

    private static double Ticks(string field) => double.Parse(field, CultureInfo.InvariantCulture);
}
