using System.Diagnostics;
using ChitChatz.Benchmarks.Measuring;

namespace ChitChatz.Benchmarks.Scenarios;

/// <summary>All connections at once, and then one message of each sender as proof that everybody is in their room.</summary>
internal sealed class ConnectStorm(LoadOptions options, int number) : LoadRun(options, number)
{
    protected override CpuTimes Load()
    {
        foreach (var sender in Senders)
        {
            sender.Send(Stopwatch.GetTimestamp());
            sender.Flush();
        }

        return default;
    }
}
