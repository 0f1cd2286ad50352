using Microsoft.Extensions.Hosting;

namespace ChitChatz.Hosting.Health;

/// <summary>
/// Whether work still gets done in this process: a beat each second, through the thread pool like everything else. Says nothing of the
/// silo, the log or the network; a restart would not mend those.
/// </summary>
internal sealed class Pulse(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    /// <summary>Longer than any garbage collection or a burst of work, so that load does not become a loop of restarts.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private long _beat = time.GetTimestamp();

    /// <summary>Why the process should be restarted; null while it should not.</summary>
    public string? Problem =>
        time.GetElapsedTime(Volatile.Read(ref _beat)) is var since && since > s_patience
            ? $"The process has got nothing done for {(long)since.TotalSeconds} s."
            : null;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(s_period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Volatile.Write(ref _beat, time.GetTimestamp());
    }
}
