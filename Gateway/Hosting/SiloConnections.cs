using ChitChatz.Gateway.Inbox;
using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Gateway.Hosting;

/// <summary>
/// Keeps a connection to every silo. Orleans' client connects only when it has something to send: a gateway whose members all listen has
/// not, would stay deaf after its only silo came back, and would be reached by a new silo through another one. So while there are fewer
/// connections than silos this asks something small of all of them, once a second. Ends with the process.
/// </summary>
internal sealed class SiloConnections(IClusterClient client, SiloWait wait, InboxSubscription inbox, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private long _key;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            int silos = Math.Max(1, inbox.ActiveSilos);
            if (wait.Connected < silos)
                await Task.WhenAll(Enumerable.Range(0, silos).Select(_ => AskAsync(stoppingToken)));
        }
    }

    private async Task AskAsync(CancellationToken stoppingToken)
    {
        try
        {
            await client.GetGrain<IPingGrain>(Interlocked.Increment(ref _key)).Ping().WaitAsync(Period, time, stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // No silo yet, or one that is only starting. Any answer at all has made the connection, which SiloWait is told of.
        }
    }
}
