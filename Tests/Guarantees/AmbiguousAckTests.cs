using System.Collections.Concurrent;
using System.Text.Json.Nodes;
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

/// <summary>T4: connections to two gateways are cut at any byte, acks in their middle; each message is repeated until it is acked, and stands once.</summary>
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
        TestContext.Current.TestOutputHelper?.WriteLine($"commits of the log that failed, stood and were unclear, did not stand and were unclear, were late: {log.Faults}");
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

    [Fact]
    public async Task Messages_SentOverTwoGatewaysAtOnce_StandOnce()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync("--Limits:RateLimits=false");
        await using GatewayApp other = await GatewayApp.StartAsync(app, "--Limits:RateLimits=false");
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(app.WebSocket, "ann");
        await using ChatClient2 again = await ChatClient2.RegisterAsync(other.WebSocket, "ann", ann.Connection.Jwt);
        await using ChatClient2 bob = await ChatClient2.RegisterAsync(other.WebSocket, "bob");
        await Task.WhenAll(ann.JoinAsync("lobby"), again.JoinAsync("lobby"), bob.JoinAsync("lobby"));
        int sends = Sends / 10;
        int duplicates = 0;
        for (int i = 1; i <= sends; i++)
        {
            foreach (JsonObject ack in await Task.WhenAll(ann.PostAsync($"{i}", $"m{i}"), again.PostAsync($"{i}", $"m{i}")))
            {
                Assert.Equal(i, (long)ack["data"]!["seq"]!);
                duplicates += ack["data"]!["duplicate"] is null ? 0 : 1;
            }
        }

        for (int i = 1; i <= sends; i++)
        {
            JsonObject frame;
            do
            {
                frame = await bob.NextAsync($"message {i}");
            }
            while ((string?)frame["event"] != "message");
            Assert.Equal(i, (long)frame["data"]!["seq"]!);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"T4 at once: {sends} messages, each over two gateways; {duplicates} answers said that it stood already, the others shared one outcome");
    }

    /// <summary>Each room has four senders and two listeners; the senders' lines break after some hundred bytes, again and again.</summary>
    private static async Task<(Verdict Verdict, int Ambiguous)> RunAsync(StandaloneApp app, string test, int sends)
    {
        Random random = new(Seed);
        await using GatewayApp gateway = await GatewayApp.StartAsync(app, "--Limits:RateLimits=false");
        await using TcpProxy one = new(app.WebSocket, () => Plan(random));
        await using TcpProxy other = new(gateway.WebSocket, () => Plan(random));
        TcpProxy[] proxies = [one, other];
        await using GuaranteeRun run = new(app);
        ConcurrentQueue<int> work = new(Enumerable.Range(0, sends));
        int next = 0;
        List<RecordingUser> senders = [];
        foreach (string room in s_rooms)
        {
            senders.AddRange(run.AddUsers(4, room, () => proxies[Interlocked.Increment(ref next) % 2].Address));
            run.AddUsers(1, room);
            run.AddUsers(1, room, () => gateway.WebSocket);
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
        TimeSpan delay = TimeSpan.FromMilliseconds(random.Next(8) == 0 ? random.Next(1, 10) : 0);
        return random.Next(8) == 0
            ? new CutPlan(kind, FromServer: null, FromClient: random.Next(300, 2_500), delay)
            : new CutPlan(kind, FromServer: random.Next(900, 2_600), FromClient: null, delay);
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
