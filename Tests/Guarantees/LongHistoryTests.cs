using System.Diagnostics;
using System.Text.Json.Nodes;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Storage;
using ChitChatz.Storage.Sqlite;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static ChitChatz.Tests.Storage.LogData;

namespace ChitChatz.Tests.Guarantees;

/// <summary>A room's past costs nobody anything: a resume reads what it brings, and no more, however long the room is.</summary>
public sealed class LongHistoryTests
{
    private const int Joins = 30;

    [Fact]
    public async Task Join_OfARoomOf10000Messages_ReadsOnlyWhatWasMissed()
    {
        CountingLog log = null!;
        await using StandaloneApp app = await StandaloneApp.StartAsync(builder => builder.Services.AddSingleton<IMessageLog>(services => log = new CountingLog(
            new SqliteMessageLog(services.GetRequiredService<ChitChatz.Hosting.Configuration.DataFolder>().File("long.db"), TimeProvider.System, services.GetRequiredService<ILoggerFactory>()))));
        long epoch = (await log.ReadHeadsAsync(["long"], GuaranteeRun.Token))[0].Epoch;
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        for (long head = 0; head < 10_000; head += 1_000)
        {
            AppendBatch batch = Batch("long", epoch, head + 1, 1_000);
            batch = batch with { Messages = [.. batch.Messages.Select(message => message with { At = now })] };
            Assert.Equal(AppendStatus.Committed, (await log.CommitAsync([batch], GuaranteeRun.Token))[0].Status);
        }

        await using ChatClient2 ann = await ChatClient2.RegisterAsync(app.WebSocket, "ann");
        double[] empty = new double[Joins];
        double[] resumed = new double[Joins];
        for (int i = 0; i < Joins; i++)
        {
            long began = Stopwatch.GetTimestamp();
            await ann.JoinAsync($"empty {i}");
            empty[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            int before = log.Read;
            began = Stopwatch.GetTimestamp();
            JsonObject joined = await ann.JoinAsync("long", ChatClient2.Position(epoch, 9_700));
            JsonObject first = await ann.ExpectAsync("message");
            resumed[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;

            Assert.True((bool)joined["recovered"]!);
            Assert.Equal(9_701, (int)first["seq"]!);
            for (int seq = 9_702; seq <= 10_000; seq++)
            {
                Assert.Equal(seq, (int)(await ann.ExpectAsync("message"))["seq"]!);
            }

            Assert.Equal(300, log.Read - before);
        }

        Array.Sort(empty);
        Array.Sort(resumed);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Joins} joins, medians: in an empty room after {empty[Joins / 2]:N1} ms; in a room of 10,000 the first of 300 missed messages after {resumed[Joins / 2]:N1} ms");
        Assert.True(resumed[Joins / 2] < 10 * empty[Joins / 2], $"medians {empty[Joins / 2]:N1} ms and {resumed[Joins / 2]:N1} ms");
    }

    private sealed class CountingLog(IMessageLog inner) : DecoratedLog(inner)
    {
        private int _read;

        public int Read => Volatile.Read(ref _read);

        public override async Task<IReadOnlyList<ChatMessage>> ReadAfterAsync(
            string room, long epoch, long after, int limit, int maxBytes, CancellationToken cancellationToken)
        {
            IReadOnlyList<ChatMessage> page = await base.ReadAfterAsync(room, epoch, after, limit, maxBytes, cancellationToken);
            Interlocked.Add(ref _read, page.Count);
            return page;
        }
    }
}
