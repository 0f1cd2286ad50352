using ChitChatz.Gateway.RoomList;
using ChitChatz.Gateway.Rooms;
using ChitChatz.Gateway.Sessions;
using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace ChitChatz.Gateway.Inbox;

/// <summary>
/// This process's one subscription: its inbox. Keeps its lease at the registry, subscribes again when the silos' heartbeats stop
/// coming, and lets everything that is leased be renewed when the cluster changed.
/// </summary>
internal sealed class InboxSubscription(
    IClusterClient client,
    ThisGateway self,
    FanOutLoops fanOut,
    LocalRooms rooms,
    RoomKeeper keeper,
    DirectorySync directory,
    NameKeeper names,
    GatewayInstruments instruments,
    TimeProvider time,
    ILogger<InboxSubscription> logger) : BackgroundService
{
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    private readonly HeartbeatMonitor _heartbeats = new(time);
    private readonly ResubscriptionPace _pace = new(time);
    private StreamSubscriptionHandle<InboxItem>? _handle;

    /// <summary>Why messages could not be taken now; null when they could.</summary>
    public string? Problem => _heartbeats.Problem;

    /// <summary>How many silos are active; 0 before the first sign of life.</summary>
    public int ActiveSilos => _heartbeats.ActiveSilos;

    /// <summary>Registers and subscribes before the gateway takes connections.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        while (!await TrySubscribeAsync().WaitAsync(cancellationToken))
        {
            await Task.Delay(s_tick, time, cancellationToken);
        }

        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            Task unsubscribed = _handle is { } handle ? handle.UnsubscribeAsync() : Task.CompletedTask;
            await Task.WhenAll(unsubscribed, Registry.Release(self.Id)).WaitAsync(TimeSpan.FromSeconds(2), time, cancellationToken);
        }
#pragma warning disable CA1031 // The lease lapses, and the stream drops a subscriber that does not answer.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            InboxSubscriptionLog.UnsubscribeFailed(logger, exception);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long renewedAt = time.GetTimestamp();
        using PeriodicTimer timer = new(s_tick, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // A stop does not wait for silos that do not answer.
            if (time.GetElapsedTime(renewedAt) >= LeaseTimes.Renewal && await TryRenewAsync().WaitAsync(stoppingToken))
            {
                renewedAt = time.GetTimestamp();
            }

            if (_pace.IsDue(_heartbeats.IsSubscriptionLost()))
            {
                InboxSubscriptionLog.HeartbeatsMissing(logger);
                instruments.Resubscribed();
                await TrySubscribeAsync().WaitAsync(stoppingToken);
                _pace.Tried();
                RenewEverything();
            }
        }
    }

    private IGatewayRegistryGrain Registry => client.GetGrain<IGatewayRegistryGrain>(0);

    private async Task<bool> TrySubscribeAsync()
    {
        try
        {
            await Registry.Renew(self.Id);
            IAsyncStream<InboxItem> stream = client.GetStreamProvider(StreamNames.Provider).GetStream<InboxItem>(StreamNames.Inbox(self.Id));
            foreach (StreamSubscriptionHandle<InboxItem> old in await stream.GetAllSubscriptionHandles())
            {
                await old.UnsubscribeAsync();
            }

            _handle = await stream.SubscribeAsync(OnItemsAsync);
            _heartbeats.Restart();
            return true;
        }
#pragma warning disable CA1031 // Whatever went wrong, it is tried again with backoff.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            InboxSubscriptionLog.SubscribeFailed(logger, exception);
            return false;
        }
    }

    private async Task<bool> TryRenewAsync()
    {
        try
        {
            await Registry.Renew(self.Id);
            return true;
        }
#pragma warning disable CA1031 // It is tried again in a second.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            InboxSubscriptionLog.RenewalFailed(logger, exception);
            return false;
        }
    }

    /// <summary>Only sorts and returns: this is the one pump of all rooms.</summary>
    private Task OnItemsAsync(IList<SequentialItem<InboxItem>> items)
    {
        _heartbeats.ObserveItem();
        foreach (SequentialItem<InboxItem> item in items)
        {
            switch (item.Item)
            {
                case MessagesPushed pushed:
                    fanOut.Enqueue(pushed.Room, pushed);
                    break;

                case RoomMoved moved:
                    fanOut.Enqueue(moved.Room, moved);
                    break;

                case PresenceChanged changed:
                    fanOut.Enqueue(changed.Room, changed);
                    break;

                case TypingShown typing:
                    fanOut.Enqueue(typing.Room, typing);
                    break;

                case RoomListChanged changed:
                    rooms.List.Apply(changed);
                    break;

                case SiloHeartbeat beat:
                    OnClusterChange(_heartbeats.Observe(beat));
                    break;
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>A connection to a silo has ended: perhaps that silo, and with it rooms, answers and pushes.</summary>
    public void OnConnectionLost() => OnClusterChange(ClusterChange.SiloLost);

    private void OnClusterChange(ClusterChange change)
    {
        if (change == ClusterChange.SiloLost)
        {
            rooms.RepeatCalls();
        }

        if (change != ClusterChange.None)
        {
            RenewEverything();
        }
    }

    private void RenewEverything()
    {
        keeper.RenewAll();
        directory.RenewNow();
        names.AssertAll();
    }
}
