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

        await using ChatClient2 warm = await ChatClient2.RegisterAsync(app.WebSocket, "warm");
        await warm.JoinAsync("another", ChatClient2.Position(epoch, 0));
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(app.WebSocket, "ann");
        long began = Stopwatch.GetTimestamp();
        await ann.JoinAsync("empty");
        double empty = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        int before = log.Read;
        began = Stopwatch.GetTimestamp();
        JsonObject joined = await ann.JoinAsync("long", ChatClient2.Position(epoch, 9_700));
        JsonObject first = await ann.ExpectAsync("message");
        double resumed = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"joined an empty room in {empty:N1} ms; had the first of 300 missed messages in {resumed:N1} ms");

        Assert.True((bool)joined["recovered"]!);
        Assert.Equal(9_701, (int)first["seq"]!);
        for (int seq = 9_702; seq <= 10_000; seq++)
        {
            Assert.Equal(seq, (int)(await ann.ExpectAsync("message"))["seq"]!);
        }

        Assert.Equal(300, log.Read - before);
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
