using System.Diagnostics;

namespace ChitChatz.Gateway.Connections;

/// <summary>Lets the first writes of a sampled message's frame be seen in its trace; ten thousand members would be ten thousand spans.</summary>
internal sealed class FrameTrace(ActivityContext fanOut)
{
    private const int MostWrites = 8;

    private int _writes;

    /// <summary>The span of a write, or null when there were enough.</summary>
    public Activity? StartWrite(int bytes) => Interlocked.Increment(ref _writes) <= MostWrites ? GatewayTracing.StartWrite(fanOut, bytes) : null;

    /// <summary>That of the fan-out under way; null when it is not sampled.</summary>
    public static FrameTrace? Current => Activity.Current is { Recorded: true } fanOut ? new FrameTrace(fanOut.Context) : null;
}
