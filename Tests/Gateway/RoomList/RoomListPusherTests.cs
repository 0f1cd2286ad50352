using ChitChatz.Gateway.Connections;
using ChitChatz.Gateway.RoomList;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.RoomList;

/// <summary>When the list is pushed.</summary>
public sealed class RoomListPusherTests
{
    private readonly WatchedTime _time = new();

    [Fact]
    public async Task Changed_PushesTheFirstAtOnceAndLaterOnesTogetherAfterASecond()
    {
        RoomListCache rooms = new(static _ => false, _time);
        using RoomListPusher pusher = new(rooms, new ConnectionRegistry(), _time);
        await pusher.StartAsync(TestContext.Current.CancellationToken);
        await _time.AssertNextTimerAsync(Timeout.InfiniteTimeSpan);

        rooms.Apply(new RoomListing("a", "a", 1, 1, 1));
        await _time.AssertNextTimerAsync(TimeSpan.FromSeconds(1));
        rooms.Apply(new RoomListing("b", "b", 1, 2, 1));
        rooms.Apply(new RoomListing("c", "c", 1, 3, 1));

        _time.Advance(TimeSpan.FromSeconds(1));
        await _time.AssertNextTimerAsync(Timeout.InfiniteTimeSpan);
        await _time.AssertNextTimerAsync(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        await _time.AssertNextTimerAsync(Timeout.InfiniteTimeSpan);
        await pusher.StopAsync(TestContext.Current.CancellationToken);
    }
}
