using ChitChatz.Grains.Rooms;
using ChitChatz.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChitChatz.Silo.Rooms;

/// <summary>
/// Deletes what is not history any more, room by room, in slices so short that no commit waits for long, with a pause behind each. Several
/// silos may do so at once: what is deleted twice is deleted.
/// </summary>
internal sealed class RetentionJob(ILogRetention log, RetentionPolicy policy, TimeProvider time, ILogger<RetentionJob> logger) : BackgroundService
{
    private const int RoomsPerPage = 100;
    private const int Slice = 500;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(10);

    /// <summary>Walks once through all rooms. Gives how many messages were deleted.</summary>
    public async Task<long> WalkAsync(CancellationToken stopping)
    {
        long deleted = 0;
        string? last = null;
        while (true)
        {
            IReadOnlyList<RoomSpan> rooms = await log.ReadSpansAsync(last, RoomsPerPage, stopping);
            if (rooms.Count == 0)
                break;

            last = rooms[^1].Room;
            foreach (RoomSpan room in rooms)
            {
                long now = time.GetUtcNow().ToUnixTimeMilliseconds();
                foreach ((long below, long takenBefore) in policy.Deletable(room.Head, now))
                {
                    if (room.Oldest < below)
                        deleted += await InSlicesAsync(() => log.TrimAsync(room.Room, room.Epoch, below, takenBefore, Slice, stopping), stopping);
                }
            }

            await Task.Delay(s_pause, time, stopping);
        }

        return deleted + await InSlicesAsync(() => log.SweepAsync(Slice, stopping), stopping);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not all silos at the same moment.
        await Task.Delay(s_interval * Random.Shared.NextDouble() / 10, time, stoppingToken);
        using PeriodicTimer timer = new(s_interval, time);
        do
        {
            try
            {
                long deleted = await WalkAsync(stoppingToken);
                if (deleted > 0)
                    RetentionJobLog.Deleted(logger, deleted);
            }
            catch (LogUnavailableException exception)
            {
                RetentionJobLog.Failed(logger, exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<long> InSlicesAsync(Func<Task<int>> delete, CancellationToken stopping)
    {
        long deleted = 0;
        while (true)
        {
            int slice = await delete();
            deleted += slice;
            if (slice < Slice)
                return deleted;

            await Task.Delay(s_pause, time, stopping);
        }
    }
}

internal static partial class RetentionJobLog
{
    [LoggerMessage(LogLevel.Information, "Retention deleted {Messages} messages")]
    public static partial void Deleted(ILogger logger, long messages);

    [LoggerMessage(LogLevel.Warning, "Retention has to wait: {Problem}")]
    public static partial void Failed(ILogger logger, string problem);
}
