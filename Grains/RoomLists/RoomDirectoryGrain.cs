using ChitChatz.Grains.Abstractions;
using ChitChatz.Grains.Gateways;

namespace ChitChatz.Grains.RoomLists;

/// <summary>
/// One shard of the list of rooms: <see cref="DirectoryShard"/>, and who is told of its changes. The first change is pushed at once,
/// further ones together 100 ms later. Renewals (8 s) and reports (15 s) keep it active.
/// </summary>
internal sealed class RoomDirectoryGrain(IInboxes inboxes, TimeProvider time) : Grain, IRoomDirectoryGrain
{
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);

    private readonly DirectoryShard _shard = new(time);
    private readonly GatewayLeases _gateways = new(time, TimeSpan.Zero);
    private IGrainTimer _flush = null!;
    private bool _gathering;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _flush = this.RegisterGrainTimer(
            static (grain, _) => grain.EndGatheringAsync(), this, new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        this.RegisterGrainTimer(static (grain, _) => grain.SweepAsync(), this, new GrainTimerCreationOptions(Sweep, Sweep));
        return Task.CompletedTask;
    }

    public Task Report(RoomListing[] listings)
    {
        _shard.Report(listings);
        return PushSoonAsync();
    }

    public Task<DirectoryAnswer> Renew(GatewayId gateway, long knownVersion)
    {
        _gateways.Renew(gateway);
        return Task.FromResult(_shard.Answer(knownVersion));
    }

    public Task Release(GatewayId gateway)
    {
        _gateways.Release(gateway);
        return Task.CompletedTask;
    }

    private Task SweepAsync()
    {
        _shard.Expire();
        return PushSoonAsync();
    }

    private Task PushSoonAsync()
    {
        if (_gathering || !_shard.HasChanges)
            return Task.CompletedTask;

        _gathering = true;
        _flush.Change(Gather, Timeout.InfiniteTimeSpan);
        return PushAsync();
    }

    private Task EndGatheringAsync()
    {
        _gathering = false;
        return PushSoonAsync();
    }

    private async Task PushAsync()
    {
        RoomListing[] changes = _shard.TakeChanges();
        RoomListChanged item = new((int)this.GetPrimaryKeyLong(), _shard.Version, changes);
        foreach (GatewayId gateway in _gateways.Live())
            await inboxes.PublishAsync(gateway, item);
    }
}
