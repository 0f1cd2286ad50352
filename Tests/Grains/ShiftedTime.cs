namespace ChitChatz.Tests.Grains;

/// <summary>The system's clock, set forward by the test; timers run in real time.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _shift;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _shift));

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _shift) * (TimestampFrequency / TimeSpan.TicksPerSecond);
}
