using System.Diagnostics;
using ChitChatz.Benchmarks.Measuring;
using ChitChatz.Benchmarks.Wires;

namespace ChitChatz.Benchmarks.Scenarios;

/// <summary>
/// All listeners page back through their rooms, each from the newest message to the first and then again: the next page is asked for when
/// the one before has come. Every walk that was begun goes on to its end, and must have every message.
/// </summary>
internal sealed class HistoryPaging : SpokenRooms
{
    // By a member's number; null for those who do not read.
    private readonly BackwardWalk?[] _walks;
    private readonly long[] _asked;
    private bool _again;
    private int _walking;

    public HistoryPaging(LoadOptions options, int number)
        : base(options, number) => (_walks, _asked) = (new BackwardWalk?[Members.Length], new long[Members.Length]);

    public override void OnHistory(Member member, ReadOnlySpan<byte> page, long now)
    {
        Measurement.CountDelivery(_asked[member.Index], now);
        if (_walks[member.Index]!.Read(page) is { } fault)
            Faults.Add($"{member}: in its history {fault}");
        else if (!_walks[member.Index]!.IsOver)
            Ask(member);
        else if (_again)
            Begin(member);
        else
            _walking--;
    }

    protected override CpuTimes Load()
    {
        Speak();
        // What the listeners hear of it is no part of the load.
        Drain();
        OpenWindow(Stopwatch.GetTimestamp(), Options.Warmup);
        (_again, _walking) = (true, Listeners.Length);
        foreach (var listener in Listeners)
        {
            Begin(listener);
            listener.Flush();
        }

        RunUntil(Measurement.From);
        var before = CpuTimes.Now(Options.ServerPids);
        RunUntil(Measurement.To);
        var cpu = CpuTimes.Now(Options.ServerPids) - before;
        Finish();
        return cpu;
    }

    protected override IEnumerable<RunResult.Figure> Figures(CpuTimes cpu) =>
    [
        new("pages/s", Measurement.Deliveries / Measurement.Length.TotalSeconds, "N0"),
        new("p50 ms", Measurement.LatencyMilliseconds(50), "N2"),
        new("p99 ms", Measurement.LatencyMilliseconds(99), "N2"),
        new("server us/page", cpu.Server * 1e6 / Measurement.Deliveries, "N2"),
        new("client us/page", cpu.Own * 1e6 / Measurement.Deliveries, "N2"),
    ];

    private void Begin(Member member)
    {
        var senders = Options.Shape.Senders;
        _walks[member.Index] = new BackwardWalk(member.Index / Options.Shape.Members * senders, senders, Messages);
        Ask(member);
    }

    private void Ask(Member member)
    {
        _asked[member.Index] = Stopwatch.GetTimestamp();
        ((ChitChatz2Wire)member.Wire).GetHistory(_walks[member.Index]!.Before);
    }

    private void Finish()
    {
        _again = false;
        Progress progress = new(Patience);
        while (_walking > 0 && Faults.Count == 0 && progress.Continues(_walking))
            RunOnce(progress.Deadline);

        if (_walking > 0)
            Faults.Add($"{_walking} walks through a history did not end");
    }
}
