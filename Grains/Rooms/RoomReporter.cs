using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.Logging;

namespace ChitChatz.Grains.Rooms;

/// <summary>
/// Tells the directory what the rooms of this silo look like. Rooms hand their listings in and go on;
/// no call to the directory stands on the path of a join. Each shard has its own loop, so that one that does not answer delays no other.
/// </summary>
internal sealed class RoomReporter : SiloLoop
{
    private readonly ShardReporter[] _shards = new ShardReporter[RoomDirectory.Shards];

    public RoomReporter(IGrainFactory grains, TimeProvider time, ILogger<RoomReporter> logger)
        : base(logger)
    {
        for (int shard = 0; shard < _shards.Length; shard++)
        {
            int number = shard;
            _shards[shard] = new ShardReporter(shard, listings => grains.GetGrain<IRoomDirectoryGrain>(number).Report(listings), time, logger);
        }
    }

    /// <summary>Takes a room's listing as it now is. Never waits.</summary>
    public void Report(RoomListing listing) => _shards[RoomDirectory.ShardOf(listing.Key)].Report(listing);

    /// <summary>The room's activation ends: whoever has the room next reports it.</summary>
    public void Forget(RoomListing listing) => _shards[RoomDirectory.ShardOf(listing.Key)].Forget(listing);

    protected override Task RunAsync(CancellationToken stopping) => Task.WhenAll(Array.ConvertAll(_shards, shard => shard.RunAsync(stopping)));
}
