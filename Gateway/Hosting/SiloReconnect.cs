using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Gateway.Hosting;

/// <summary>
/// Orleans' client connects again only when it has something to send. A gateway whose members all listen has not, and would stay
/// deaf after its silo came back; so this asks something small, once a second, until somebody answers. Ends with the process.
/// </summary>
internal sealed class SiloReconnect(IClusterClient client, SiloWait wait, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await wait.LossAsync(stoppingToken);
                while (wait.IsLost)
                {
                    await Task.Delay(Period, time, stoppingToken);
                    await AskAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    private async Task AskAsync(CancellationToken stoppingToken)
    {
        try
        {
            await client.GetGrain<IGatewayRegistryGrain>(0).GetLive().WaitAsync(stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // No silo yet, or one that is only starting. Any answer at all has made the connection, which SiloWait is told of.
        }
    }
}
