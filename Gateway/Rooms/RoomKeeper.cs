using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.Hosting;

namespace ChitChatz.Gateway.Rooms;

/// <summary>Looks after the local rooms: asks for missed messages after 250 ms, renews leases after 8 s, all of them as soon as the cluster changed.</summary>
internal sealed class RoomKeeper(LocalRooms rooms, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(125);
    private const int TicksPerScan = 8;

    private volatile bool _renewAll;

    /// <summary>Renews every lease: rooms may have moved. Few at once, many spread over two seconds.</summary>
    public void RenewAll() => _renewAll = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(s_tick, time);
        for (long tick = 0; await timer.WaitForNextTickAsync(stoppingToken); tick++)
        {
            rooms.CheckBehind();
            rooms.CheckSkipping();
            if (_renewAll)
            {
                _renewAll = false;
                await RenewAllAsync(stoppingToken);
            }
            else if (tick % TicksPerScan == 0)
            {
                foreach (LocalRoom room in rooms.All)
                {
                    if (room.RenewalDue)
                    {
                        room.Renew();
                    }
                }
            }
        }
    }

    private async Task RenewAllAsync(CancellationToken stoppingToken)
    {
        const int Slices = 16;
        const int AtOnce = 256;
        LocalRoom[] all = [.. rooms.All];
        int slice = Math.Max(AtOnce, (all.Length + Slices - 1) / Slices);
        for (int i = 0; i < all.Length; i++)
        {
            all[i].Renew();
            if ((i + 1) % slice == 0 && i + 1 < all.Length)
            {
                rooms.CheckBehind();
                await Task.Delay(s_tick, time, stoppingToken);
            }
        }
    }
}
