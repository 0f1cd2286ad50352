using System.Diagnostics;
using ChitChatz.Benchmarks.Measuring;

namespace ChitChatz.Benchmarks.Scenarios;

/// <summary>
/// A fixed schedule, whatever comes back. Latency counts from the time that the schedule says, so that a server (or this
/// client) that stalls pays for every message it delayed, not only for the first.
/// </summary>
internal class OpenLoop(LoadOptions options, int number) : LoadRun(options, number)
{
    protected override CpuTimes Load() => Keep(Options.Rate, Options.Warmup);

    /// <summary>Sends so many messages a second, the warm-up and a window long; the CPU time of the window.</summary>
    protected CpuTimes Keep(int rate, int warmup)
    {
        var start = Stopwatch.GetTimestamp();
        OpenWindow(start, warmup);
        CpuTimes? before = null;
        for (var i = 0L; ; i++)
        {
            var due = start + i * Stopwatch.Frequency / rate;
            while (Stopwatch.GetTimestamp() < due)
                RunOnce(due);

            if (due >= Measurement.From)
                before ??= CpuTimes.Now(Options.ServerPids);

            if (due >= Measurement.To || Faults.Count > 0)
                return CpuTimes.Now(Options.ServerPids) - (before ?? default);

            var sender = Senders[i % Senders.Length];
            sender.Send(due);
            sender.Flush();
            AfterSend(due);
        }
    }

    /// <summary>A message of the schedule was sent.</summary>
    protected virtual void AfterSend(long due)
    {
    }
}
