using ChitChatz.Grains.Abstractions;
using ChitChatz.Grains.Gateways;
using ChitChatz.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace ChitChatz.Grains.Rooms;

/// <summary>
/// A room: identity, turns and I/O around <see cref="RoomAppends"/>, <see cref="RoomMembers"/> and <see cref="RoomCard"/>.
/// Reentrant: calls interleave at each await, so what must be one step (a commit moves the head and fixes who gets the push;
/// a join fixes its head and enters the members) stands between two awaits.
/// </summary>
// Renewals keep a room with members active; an empty one stays until nobody may re-enter it by token any more.
[Reentrant]
[CollectionAgeLimit(Minutes = 3)]
internal sealed partial class RoomGrain(
    ILogWriter writer,
    IMessageLog log,
    ILogRetention forgetting,
    RetentionPolicy retention,
    IInboxes inboxes,
    LiveGatewayCache gateways,
    RoomReporter reporter,
    RoomHandover handover,
    RoomLimits limits,
    GrainsInstruments instruments,
    TimeProvider time,
    ILogger<RoomGrain> logger) : Grain, IRoomGrain
{
    private readonly RoomAppends _appends = new(limits);
    private readonly RoomMembers _members = new(time, limits);
    private string _key = "";
    private RoomCard _card = null!;
    private Task<bool>? _opening;
    private bool _open;
    private bool _stopped;
    private int _counted;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = this.GetPrimaryKeyString();
        _card = new RoomCard(_key, time);
        _openedAt = time.GetTimestamp();
        instruments.RoomOpened();
        handover.Add(GrainContext);
        // A log that cannot be read fails no activation: calls are answered Unavailable, and each tries again.
        await OpenAsync();
        TakeMigrated();
    }

    /// <summary>
    /// Orleans' orderly ways out. What is in flight ends and is pushed; what waits is answered Unavailable,
    /// and its callers repeat it at the next activation. The stream's agents stop after the grains.
    /// </summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Stop();
        reporter.Forget(_card.Listing);
        instruments.MembersChanged(-_counted);
        instruments.RoomClosed();
        await _pump.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
    }

    private ValueTask<bool> OpenAsync()
    {
        if (!_forgetting.IsCompleted)
            return OpenAfterForgettingAsync();

        if (_open)
            return ValueTask.FromResult(true);

        if (_opening is null or { IsCompleted: true })
            _opening = OpenOnceAsync();

        return new ValueTask<bool>(_opening);
    }

    private async ValueTask<bool> OpenAfterForgettingAsync()
    {
        await _forgetting;
        return await OpenAsync();
    }

    /// <summary>Learns from the log where the room stands, and tells all gateways that it stands here, before anything can be pushed.</summary>
    private async Task<bool> OpenOnceAsync()
    {
        RoomHead head;
        try
        {
            head = await writer.ReadHeadAsync(_key);
        }
        catch (LogUnavailableException exception)
        {
            logger.LogUnavailable(exception, _key);
            return false;
        }

        _appends.Open(head);
        _card.NameFromLog(head.Name);
        RoomMoved moved = new(_key, head.Epoch, head.Head);
        foreach (GatewayId gateway in await gateways.GetAsync())
            await inboxes.PublishAsync(gateway, moved);

        return _open = true;
    }

    /// <summary>
    /// The head as the log has it. An activation that finds rows there that it did not write, or misses its own, is not the room any more:
    /// it ends, and until then says what the log says. Null when the log cannot be read.
    /// </summary>
    private async ValueTask<RoomHead?> ReadHeadAsync()
    {
        long committed = _appends.Head;
        RoomHead head;
        try
        {
            head = await writer.ReadHeadAsync(_key);
        }
        catch (LogUnavailableException exception)
        {
            logger.LogUnavailable(exception, _key);
            return null;
        }

        if (head.Epoch != _appends.Epoch || head.Head < committed || head.Head > _appends.Head + _appends.InFlight)
            Overtaken();
        else if (head.Name is not null)
            _card.NameFromLog(head.Name);

        return head;
    }

    private void Overtaken()
    {
        if (_stopped)
            return;

        logger.Overtaken(_key);
        instruments.Fenced();
        Stop();
        DeactivateOnIdle();
    }

    private void Stop()
    {
        _stopped = true;
        _appends.FailWaiting();
    }
}
