using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChitChatz.Gateway.RoomList;

/// <summary>Holds this gateway's lease on every shard of the directory, which brings the shard whenever it is not the one known.</summary>
internal sealed class DirectorySync(IGrainFactory grains, ThisGateway self, RoomListCache rooms, TimeProvider time, ILogger<DirectorySync> logger) : BackgroundService
{
    private readonly Signal _now = new(time);

    /// <summary>Renews at once: shards may have moved.</summary>
    public void RenewNow() => _now.Set();

    /// <summary>Reads the list before the gateway takes connections; a shard that does not answer is left for later.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RenewAsync();
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        bool complete = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            // A shard that warms up or did not answer is asked again soon.
            await _now.WaitAsync(complete ? LeaseTimes.Renewal : TimeSpan.FromSeconds(2), stoppingToken);
            // A stop does not wait for silos that do not answer.
            complete = await RenewAsync().WaitAsync(stoppingToken);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, RoomDirectory.Shards)
                .Select(shard => grains.GetGrain<IRoomDirectoryGrain>(shard).Release(self.Id)))
                .WaitAsync(TimeSpan.FromSeconds(1), time, cancellationToken);
        }
#pragma warning disable CA1031 // The leases lapse by themselves.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            DirectorySyncLog.ReleaseFailed(logger, exception);
        }
    }

    private async Task<bool> RenewAsync()
    {
        bool[] complete = await Task.WhenAll(Enumerable.Range(0, RoomDirectory.Shards).Select(RenewAsync));
        return Array.TrueForAll(complete, static one => one);
    }

    private async Task<bool> RenewAsync(int shard)
    {
        try
        {
            DirectoryAnswer answer = await grains.GetGrain<IRoomDirectoryGrain>(shard).Renew(self.Id, rooms.ShardVersion(shard));
            rooms.Apply(shard, answer);
            return !answer.WarmingUp;
        }
#pragma warning disable CA1031 // Whatever went wrong, the next renewal repairs it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            DirectorySyncLog.RenewalFailed(logger, shard, exception);
            return false;
        }
    }
}
