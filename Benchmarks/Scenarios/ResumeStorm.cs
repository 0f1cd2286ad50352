using System.Diagnostics;
using ChitChatz.Benchmarks.Measuring;

namespace ChitChatz.Benchmarks.Scenarios;

/// <summary>
/// All listeners lose their connections, the senders go on, and then all come back at once for what they have missed. Every message must
/// come, once and in order, across the break.
/// </summary>
internal sealed class ResumeStorm(LoadOptions options, int number) : SpokenRooms(options, number)
{
    private TimeSpan _elapsed;

    private long Resumed => (long)Listeners.Length * Messages;

    protected override CpuTimes Load()
    {
        foreach (var listener in Listeners)
            listener.HangUp();

        Speak();
        var start = Stopwatch.GetTimestamp();
        var before = CpuTimes.Now(Options.ServerPids);
        Connect(Listeners);
        Drain();
        _elapsed = Stopwatch.GetElapsedTime(start);
        return CpuTimes.Now(Options.ServerPids) - before;
    }

    protected override IEnumerable<RunResult.Figure> Figures(CpuTimes cpu) =>
    [
        new("resumes/s", Listeners.Length / _elapsed.TotalSeconds, "N0"),
        new("resumed/s", Resumed / _elapsed.TotalSeconds, "N0"),
        new("server us/resumed", cpu.Server * 1e6 / Resumed, "N2"),
        new("client us/resumed", cpu.Own * 1e6 / Resumed, "N2"),
    ];
}
