using System.Diagnostics.Metrics;
using ChitChatz.Grains.Rooms;
using ChitChatz.Silo.Rooms;
using ChitChatz.Storage;
using ChitChatz.Storage.Sqlite;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using static ChitChatz.Tests.Storage.LogData;

namespace ChitChatz.Tests.Storage;

/// <summary>The job beside appends at full rate: nothing that was committed is lost, and what is over is gone.</summary>
public sealed class RetentionJobTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Walk_BesideAppends_DeletesWhatIsOverAndLosesNothing()
    {
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        SqliteMessageLog log = new(_folder.File("log.db"), TimeProvider.System, NullLoggerFactory.Instance);
        await using LogWriter writer = new(
            log, TimeProvider.System, NullLogger<LogWriter>.Instance, new StorageInstruments(services.GetRequiredService<IMeterFactory>()));
        await writer.StartAsync(Token);
        long epoch = (await writer.ReadHeadAsync("old")).Epoch;

        // Taken a second after 1970, all of them.
        for (long head = 0; head < 30_000; head += 1_000)
        {
            Assert.Equal(AppendStatus.Committed, (await writer.AppendAsync(Batch("old", epoch, head + 1, 1_000))).Status);
        }

        using CancellationTokenSource stop = new();
        Task<long> appending = Task.Run(async () =>
        {
            long head = 0;
            while (!stop.IsCancellationRequested)
            {
                Assert.Equal(AppendStatus.Committed, (await writer.AppendAsync(Batch("busy", epoch, head + 1, 10))).Status);
                head += 10;
            }

            return head;
        });
        RetentionPolicy policy = new() { Messages = 12_000, Age = TimeSpan.Zero };
        RetentionJob job = new(log, policy, TimeProvider.System, NullLogger<RetentionJob>.Instance);
        Assert.Equal(18_000, await Deadline.Within(job.WalkAsync(Token), "the end of the walk"));
        await stop.CancelAsync();
        long appended = await Deadline.Within(appending, "the end of the appends");

        RoomSpan[] spans = [.. await log.ReadSpansAsync(null, 10, Token)];
        Assert.Equal([new RoomSpan("busy", epoch, 1, appended), new RoomSpan("old", epoch, 18_001, 30_000)], spans);
        Assert.True(appended > 0);
    }
}
