using ChitChatz.Grains.Abstractions;
using ChitChatz.Hosting.Health;

namespace ChitChatz.Gateway.Identity;

/// <summary>
/// Compares this gateway's keys with those of the others. With different secrets each would do its work, and refuse the people who come
/// from the other one: nobody would see why. It is told, and nothing is refused for it: the one that is wrong may be the other.
/// </summary>
internal sealed class KeyComparison(IGrainFactory grains, ThisGateway self, SigningKeys keys, TimeProvider time, ILogger<KeyComparison> logger) : BackgroundService, IReadiness
{
    /// <summary>Seldom: secrets hardly ever change, and all gateways ask one grain.</summary>
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(30);

    private int _strangers;

    public string? Problem => null;

    public string? Warning => Volatile.Read(ref _strangers) is > 0 and var others
        ? $"This gateway and {others} of the cluster's refuse each other's tokens, since their secrets differ: Jwt:Secret must be the same on all, or stand in Jwt:PreviousSecrets."
        : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(s_period, time);
        do
            await CompareAsync().WaitAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Tells its keys, and learns of the others'.</summary>
    internal async Task CompareAsync()
    {
        try
        {
            int strangers = await grains.GetGrain<IGatewayRegistryGrain>(0).CompareKeys(self.Id, keys.Names);
            int before = Interlocked.Exchange(ref _strangers, strangers);
            if (before == 0 && Warning is { } warning)
                KeyComparisonLog.Differ(logger, warning);
            else if (before > 0 && strangers == 0)
                KeyComparisonLog.Agree(logger);
        }
#pragma warning disable CA1031 // No silo, or one of a version that cannot compare: what was known stays, until the next time.
        catch (Exception)
#pragma warning restore CA1031
        {
            // Nobody waits for it.
        }
    }
}

internal static partial class KeyComparisonLog
{
    [LoggerMessage(LogLevel.Warning, "{Warning}")]
    public static partial void Differ(ILogger logger, string warning);

    [LoggerMessage(LogLevel.Information, "All gateways of the cluster take each other's tokens again.")]
    public static partial void Agree(ILogger logger);
}
