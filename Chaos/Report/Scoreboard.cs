using System.Diagnostics;
using System.Globalization;

namespace ChitChatz.Chaos.Report;

/// <summary>Prints what happens, line by line with the time since the start, and counts what was checked.</summary>
public sealed class Scoreboard(TextWriter output)
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly Lock _gate = new();

    /// <summary>Promises that were kept.</summary>
    public int Passed { get; private set; }

    /// <summary>Promises that were not.</summary>
    public int Failed { get; private set; }

    /// <summary>What could not be tried here.</summary>
    public int Skipped { get; private set; }

    /// <summary>Begins a scenario.</summary>
    public void Title(string text)
    {
        Line($"== {text}");
        Machine();
    }

    /// <summary>How busy the machine is: times that were measured beside other work say little.</summary>
    public void Machine()
    {
        if (File.Exists("/proc/loadavg"))
            Note($"load average {string.Join(", ", File.ReadAllText("/proc/loadavg").Split(' ')[..3])}; {Environment.ProcessorCount} cores");
    }

    /// <summary>Something worth knowing.</summary>
    public void Note(string text)
    {
        foreach (var line in text.Split('\n'))
            Line(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_began).TotalSeconds,7:0.0}  {line}"));
    }

    /// <summary>A promise; a broken one fails the run.</summary>
    public void Check(bool kept, string promise)
    {
        Note($"{(kept ? "PASS" : "FAIL")}  {promise}");
        if (kept)
            Passed++;
        else
            Failed++;
    }

    /// <summary>A scenario that this machine cannot do; said again in the sum.</summary>
    public void Skip(string reason)
    {
        Note($"skipped: {reason}");
        Skipped++;
    }

    /// <summary>A time or a rate that depends on the machine too: printed, never failed.</summary>
    public void Budget(string what, double value, double limit, string unit, bool atLeast = false)
    {
        var met = atLeast ? value >= limit : value <= limit;
        Note(string.Create(CultureInfo.InvariantCulture, $"{(met ? "met   " : "MISSED")}  {what}: {value:0.##} {unit} (budget {(atLeast ? ">=" : "<=")} {limit:0.##} {unit})"));
    }

    /// <summary>The sum, alone on the last line.</summary>
    public void End() => Line(string.Create(CultureInfo.InvariantCulture, $"{Passed} passed, {Failed} failed{(Skipped > 0 ? $", {Skipped} skipped" : "")}"));

    private void Line(string text)
    {
        lock (_gate)
            output.WriteLine(text);
    }
}
