using System.Diagnostics;
using ChitChatz.Benchmarks.Measuring;

namespace ChitChatz.Benchmarks.Scenarios;

/// <summary>Each sender keeps a fixed number of messages on their way: the next one goes when an own one came back.</summary>
internal sealed class ClosedLoop(LoadOptions options, int number) : LoadRun(options, number)
{
    private bool _sending;

    public override void OnEcho(Member sender)
    {
        if (_sending)
            sender.Send(Stopwatch.GetTimestamp());
    }

    protected override CpuTimes Load()
    {
        OpenWindow(Stopwatch.GetTimestamp(), Options.Warmup);
        _sending = true;
        foreach (var sender in Senders)
        {
            for (var i = 0; i < Options.Window; i++)
                sender.Send(Stopwatch.GetTimestamp());

            sender.Flush();
        }

        RunUntil(Measurement.From);
        var before = CpuTimes.Now(Options.ServerPids);
        RunUntil(Measurement.To);
        _sending = false;
        return CpuTimes.Now(Options.ServerPids) - before;
    }
}
