using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ChitChatz.Storage;
using ChitChatz.Storage.Postgres;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using static ChitChatz.Tests.Storage.LogData;

namespace ChitChatz.Tests.Storage;

/// <summary>A server that crashes under the writer: what was committed stays, what was not is said so, and all goes on when it is back.</summary>
public sealed class PostgresCrashTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_WhileTheServerCrashesAndReturns_LosesNothingAndGoesOnByItself()
    {
        await using PrivatePostgres server = await SharedPostgres.StartNewAsync();
        string database = await server.NewDatabaseAsync();
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        await using PostgresMessageLog log = new(server.ConnectionString(database), TimeProvider.System, NullLoggerFactory.Instance);
        await using LogWriter writer = new(
            log, TimeProvider.System, NullLogger<LogWriter>.Instance, new StorageInstruments(services.GetRequiredService<IMeterFactory>()));
        await writer.StartAsync(Token);
        long epoch = (await writer.ReadHeadAsync("any")).Epoch;

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        ConcurrentDictionary<int, long> heads = new();
        int failed = 0;
        Task[] rooms = [.. Enumerable.Range(0, 8).Select(room => Task.Run(async () =>
        {
            long head = 0;
            while (!stop.IsCancellationRequested)
            {
                AppendResult result = await writer.AppendAsync(Batch($"room {room}", epoch, head + 1, 3));
                Assert.Contains(result.Status, new[] { AppendStatus.Committed, AppendStatus.Failed });
                if (result.Status == AppendStatus.Committed)
                {
                    heads[room] = head += 3;
                }
                else
                {
                    Interlocked.Increment(ref failed);
                    await Task.Delay(20, Token);
                }
            }
        }))];
        for (int crash = 0; crash < 3; crash++)
        {
            await GrowAsync(heads, "messages before the crash");
            await server.CrashAsync();
            await WhenAsync(() => !writer.Health.Healthy, "a writer that says that the log is broken");
            await server.StartAsync();
            await GrowAsync(heads, "messages after the server came back");
            await WhenAsync(() => writer.Health.Healthy, "a writer that says that the log works");
        }

        await stop.CancelAsync();
        await Deadline.Within(Task.WhenAll(rooms), "the end of the appends");
        foreach ((int room, long head) in heads)
        {
            long[] seqs = Seqs(await log.ReadAfterAsync($"room {room}", epoch, 0, int.MaxValue, int.MaxValue, Token));
            Assert.Equal(Enumerable.Range(1, (int)head).Select(static seq => (long)seq), seqs);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"3 crashes, {heads.Values.Sum()} messages committed, {failed} appends failed, 0 lost");
    }

    private static Task GrowAsync(ConcurrentDictionary<int, long> heads, string missing)
    {
        long before = heads.Values.Sum();
        return WhenAsync(() => heads.Values.Sum() > before + 200, missing);
    }

    private static Task WhenAsync(Func<bool> reached, string missing) => Deadline.Within(
        Task.Run(async () =>
        {
            while (!reached())
            {
                await Task.Delay(20, Token);
            }
        }),
        missing);
}
