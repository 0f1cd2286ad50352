using System.Collections.Concurrent;
using ChitChatz.Chaos.Checking;
using ChitChatz.Chaos.Clients;
using ChitChatz.Chaos.Faults;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Storage;
using ChitChatz.Storage.Memory;
using ChitChatz.Storage.Sqlite;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChitChatz.Tests.Guarantees;

/// <summary>T4: connections are cut at any byte, acks in their middle; each message is repeated until it is acked, and stands once.</summary>
public sealed class AmbiguousAckTests
{
    private const int Seed = 20_261_124;
    private static readonly string[] s_rooms = ["red", "green", "blue", "white"];

    private static int Sends => GuaranteeRun.IsLong ? 20_000 : 2_000;

    [Fact]
    public async Task Messages_WhoseAcksAreCut_StandOnceWhateverIsRepeated()
    {
        UnreliableLog log = null!;
        await using StandaloneApp app = await StandaloneApp.StartAsync(
            builder => builder.Services.AddSingleton<IMessageLog>(services => log = new UnreliableLog(NewSqlite(services), Seed) { Percent = 2 }),
            "--Limits:RateLimits=false");
        (Verdict verdict, int ambiguous) = await RunAsync(app, "T4", Sends);
        TestContext.Current.TestOutputHelper?.WriteLine($"faults of the log: {log.Faults}");
        Assert.True(verdict.IsClean, verdict.ToString());
        Assert.Equal(Sends, verdict.Acked);
        Assert.Equal(Sends, verdict.Stored);
        Assert.True(ambiguous >= Sends / 10, $"only {ambiguous} of {Sends} had their commit and lost their ack");
    }

    [Fact]
    public async Task Messages_WithoutDeduplication_StandMoreThanOnce()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync(
            static builder => builder.Services.AddSingleton<IMessageLog>(static _ => new ForgetfulLog(new MemoryMessageLog(TimeProvider.System))),
            "--Limits:RateLimits=false");
        (Verdict verdict, int _) = await RunAsync(app, "T4 control", 400);
        Assert.Contains(verdict.Violations, static violation => violation.Invariant == Invariant.Duplicate);
    }

    /// <summary>Each room has four senders and two listeners; the senders' lines break after some hundred bytes, again and again.</summary>
    private static async Task<(Verdict Verdict, int Ambiguous)> RunAsync(StandaloneApp app, string test, int sends)
    {
        Random random = new(Seed);
        await using TcpProxy one = new(app.WebSocket, () => Plan(random));
        await using TcpProxy other = new(app.WebSocket, () => Plan(random));
        TcpProxy[] proxies = [one, other];
        await using GuaranteeRun run = new(app);
        ConcurrentQueue<int> work = new(Enumerable.Range(0, sends));
        int next = 0;
        List<RecordingUser> senders = [];
        foreach (string room in s_rooms)
        {
            senders.AddRange(run.AddUsers(4, room, () => proxies[Interlocked.Increment(ref next) % 2].Address));
            run.AddUsers(2, room);
        }

        await run.ConnectAllAsync();
        await Task.WhenAll(senders.Select(async user =>
        {
            while (work.TryDequeue(out int number))
            {
                Assert.True(await user.SendAsync($"message {number}", GuaranteeRun.Token));
            }
        }));
        (one.IsFaulty, other.IsFaulty) = (false, false);
        await Task.WhenAll(senders.Select(static user => user.CutAsync()));
        await run.ConnectAllAsync();
        await run.WhenConvergedAsync(s_rooms, TimeSpan.FromSeconds(30));
        for (int i = 0; i < one.Cuts + other.Cuts; i++)
        {
            run.History.Fault("cut");
        }

        return (await run.CheckAsync(test, s_rooms), run.Users.Sum(static user => user.Ambiguous));
    }

    /// <summary>The handshake and the join take some 1,100 bytes from the server, an ack 150, an echo 300.</summary>
    private static CutPlan Plan(Random random)
    {
        CutKind kind = random.Next(10) switch { < 6 => CutKind.Reset, < 9 => CutKind.Close, _ => CutKind.HalfClose };
        return random.Next(8) == 0
            ? new CutPlan(kind, FromServer: null, FromClient: random.Next(300, 2_500))
            : new CutPlan(kind, FromServer: random.Next(900, 2_600), FromClient: null);
    }

    private static SqliteMessageLog NewSqlite(IServiceProvider services) => new(
        services.GetRequiredService<ChitChatz.Hosting.Configuration.DataFolder>().File("t4.db"), TimeProvider.System, services.GetRequiredService<ILoggerFactory>());

    /// <summary>A log that knows no id again: each is made unique.</summary>
    private sealed class ForgetfulLog(IMessageLog inner) : DecoratedLog(inner)
    {
        private long _last;

        public override Task<IReadOnlyList<AppendResult>> CommitAsync(IReadOnlyList<AppendBatch> batches, CancellationToken cancellationToken)
            => base.CommitAsync(
                [.. batches.Select(batch => batch with { Messages = [.. batch.Messages.Select(message => message with { Id = $"{message.Id}#{++_last}" })] })],
                cancellationToken);

        public override async Task<IReadOnlyList<ChatMessage>> ReadAfterAsync(
            string room, long epoch, long after, int limit, int maxBytes, CancellationToken cancellationToken)
        {
            IReadOnlyList<ChatMessage> page = await base.ReadAfterAsync(room, epoch, after, limit, maxBytes, cancellationToken);
            return [.. page.Select(static message => message with { Id = message.Id[..message.Id.LastIndexOf('#')] })];
        }
    }
}
