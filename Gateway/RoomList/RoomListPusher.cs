using ChitChatz.Gateway.Connections;
using Microsoft.Extensions.Hosting;

namespace ChitChatz.Gateway.RoomList;

/// <summary>
/// Tells every registered connection when the list of rooms changed: the first change at once, later ones together, at most one
/// push a second, and less often where many connections would make that a large share of the bandwidth.
/// </summary>
internal sealed class RoomListPusher(RoomListCache rooms, ConnectionRegistry connections, TimeProvider time) : IDisposable, IHostedService
{
    /// <summary>What all pushes together may cost. 4 MiB/s is a twentieth of a gigabit link with framing.</summary>
    private const double BytesPerSecond = 4 * 1024 * 1024;

    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private bool _due;
    private long _pushedAt;
    private TimeSpan _interval;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(static state => ((RoomListPusher)state!).PushDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        rooms.Changed += OnChanged;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        rooms.Changed -= OnChanged;
        _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    private void OnChanged()
    {
        lock (_gate)
        {
            if (_due)
            {
                return;
            }

            TimeSpan since = time.GetElapsedTime(_pushedAt);
            if (_pushedAt == 0 || since >= _interval)
            {
                // Before the change's own answer is queued: whoever joins sees the list first, as the first server did.
                PushLocked();
                return;
            }

            _due = true;
            _timer!.Change(_interval - since, Timeout.InfiniteTimeSpan);
        }
    }

    private void PushDue()
    {
        lock (_gate)
        {
            _due = false;
            PushLocked();
        }
    }

    private void PushLocked()
    {
        RoomListSnapshot snapshot = rooms.Snapshot();
        int told = 0;
        foreach (ChatConnection connection in connections.All)
        {
            told += connection.PushRooms(snapshot) ? 1 : 0;
        }

        double bytes = told * (double)snapshot.Frame.Bytes.Length;
        TimeSpan affordable = TimeSpan.FromSeconds(bytes / BytesPerSecond);
        _interval = affordable > s_shortest ? affordable : s_shortest;
        _pushedAt = time.GetTimestamp();
    }
}
