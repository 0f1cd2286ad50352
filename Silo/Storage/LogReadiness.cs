using ChitChatz.Hosting.Health;
using ChitChatz.Storage;
using Microsoft.Extensions.Hosting;

namespace ChitChatz.Silo.Storage;

/// <summary>A silo is ready while its log works.</summary>
internal sealed class LogReadiness(LogWriter writer) : IReadiness
{
    public string? Problem => writer.Health is { Healthy: false, Problem: var problem } ? problem : null;
}

/// <summary>Asks a log that has failed again and again, so that its health is the truth also while nobody sends anything.</summary>
internal sealed class LogProbe(LogWriter writer, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(s_interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!writer.Health.Healthy)
                await writer.ProbeAsync(stoppingToken);
        }
    }
}
