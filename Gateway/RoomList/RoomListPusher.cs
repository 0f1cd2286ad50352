using ChitChatz.Gateway.Connections;
using Microsoft.Extensions.Hosting;

namespace ChitChatz.Gateway.RoomList;

/// <summary>
/// Tells every registered connection when the list of rooms changed: the first change at once, later ones together, at most one
/// push a second, and less often where many connections would make that a large share of the bandwidth. A loop of its own, so that
/// whoever changes the list, be it the one pump of the inbox, does not wait for all connections. It ends when the host stops.
/// </summary>
internal sealed class RoomListPusher(RoomListCache rooms, ConnectionRegistry connections, TimeProvider time) : BackgroundService
{
    /// <summary>What all pushes together may cost. 4 MiB/s is a twentieth of a gigabit link with framing.</summary>
    private const double BytesPerSecond = 4 * 1024 * 1024;

    /// <summary>After so many connections other work gets its turn.</summary>
    private const int Chunk = 500;

    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);

    private readonly Signal _changed = new(time);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        rooms.Changed += _changed.Set;
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        rooms.Changed -= _changed.Set;
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _changed.WaitAsync(Timeout.InfiniteTimeSpan, stoppingToken);
            TimeSpan affordable = TimeSpan.FromSeconds(await PushAsync(stoppingToken) / BytesPerSecond);
            await Task.Delay(affordable > s_shortest ? affordable : s_shortest, time, stoppingToken);
        }
    }

    /// <summary>Pushes the list to whoever saw another one last, and says about how many bytes that took.</summary>
    private async Task<double> PushAsync(CancellationToken stoppingToken)
    {
        RoomListSnapshot snapshot = rooms.Refresh();
        int seen = 0;
        int told = 0;
        foreach (ChatConnection connection in connections.All)
        {
            told += connection.PushRooms(snapshot) ? 1 : 0;
            if (++seen % Chunk == 0)
            {
                await Task.Yield();
                stoppingToken.ThrowIfCancellationRequested();
            }
        }

        return told * (double)snapshot.Frame.Bytes.Length;
    }
}
