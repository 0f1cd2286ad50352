using System.Diagnostics;
using ChitChatz.Benchmarks.Measuring;
using ChitChatz.Benchmarks.Wires;

namespace ChitChatz.Benchmarks.Scenarios;

/// <summary>
/// All listeners lose their connections, the senders go on, and then all come back at once for what they have missed. Every message must
/// come, once and in order, across the break.
/// </summary>
internal sealed class ResumeStorm(LoadOptions options, int number) : LoadRun(options, number)
{
    private uint _missed;
    private TimeSpan _elapsed;

    public override WireKind Wire => WireKind.ChitChatz2;

    private Member[] Listeners => [.. Members.Where(static member => member.Sender is null)];

    private long Resumed => (long)Listeners.Length * _missed;

    public override void OnEcho(Member sender)
    {
        if (sender.Sent < _missed)
            sender.Send(Stopwatch.GetTimestamp());
    }

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

    private void Speak()
    {
        _missed = (uint)Options.Missed;
        foreach (var sender in Senders)
        {
            for (var i = 0; i < Math.Min(Options.Window, Options.Missed); i++)
                sender.Send(Stopwatch.GetTimestamp());

            sender.Flush();
        }

        Progress progress = new(TimeSpan.FromSeconds(15));
        long missing;
        while ((missing = Senders.Sum(sender => _missed - sender.Sent + sender.Missing(Senders))) > 0 && progress.Continues(missing))
            RunOnce(progress.Deadline);
    }
}
