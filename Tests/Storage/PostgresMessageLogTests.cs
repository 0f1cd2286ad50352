using ChitChatz.Storage;
using ChitChatz.Storage.Postgres;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using static ChitChatz.Tests.Storage.LogData;

namespace ChitChatz.Tests.Storage;

public sealed class PostgresMessageLogTests(SharedPostgres postgres) : MessageLogSpec
{
    private PrivatePostgres _server = null!;
    private string _database = "";

    protected override bool NamesMayHoldNul => false;

    protected override async ValueTask PrepareAsync()
    {
        _server = await postgres.Server;
        _database = await _server.NewDatabaseAsync();
    }

    protected override IMessageLog Create() => NewLog();

    private PostgresMessageLog NewLog() => new(_server.ConnectionString(_database), TimeProvider.System, NullLoggerFactory.Instance) { SweepAfter = TimeSpan.Zero };

    [Fact]
    public async Task Commit_OfManyRooms_WhenSomeConflict_TakesTheOthers()
    {
        await CommitAsync(Batch("taken", Epoch, 1, 5));
        await CommitAsync(Batch("repeated", Epoch, 1, 5));
        AppendBatch[] batches =
        [
            .. Enumerable.Range(0, 50).Select(i => Batch($"room {i}", Epoch, 1, 2)),
            Batch("taken", Epoch, 3, 2),
            Batch("repeated", Epoch, Message(6), Message(7, "id-2"), Message(8)),
            Batch("stale", Epoch + 1, 1, 2),
        ];

        IReadOnlyList<AppendResult> results = await Log.CommitAsync(batches, Token);

        Assert.All(results.Take(50), static result => Assert.Equal(AppendStatus.Committed, result.Status));
        Assert.Equal([AppendStatus.Fenced, AppendStatus.Duplicates, AppendStatus.Fenced], results.Skip(50).Select(static result => result.Status));
        Assert.Equal(2, Assert.Single(results[51].Duplicates).Seq);
        Assert.Equal(5, (await AllSeqsAsync("repeated")).Length);
        Assert.Equal(2, (await AllSeqsAsync("room 49")).Length);
    }

    /// <summary>Several silos believe to have the rooms: each row that one of them was told is committed stands, and every seq is used once.</summary>
    [Fact]
    public async Task Commit_ByManyWritersOfTheSameRooms_LeavesNoHoleAndUsesNoSeqTwice()
    {
        const int Writers = 4;
        const int Rounds = 60;
        string[] rooms = ["x", "y", "z"];
        PostgresMessageLog[] logs = [.. Enumerable.Range(0, Writers).Select(_ => NewLog())];
        await Task.WhenAll(logs.Select(static log => log.OpenAsync(Token)));
        int[] committed = await Task.WhenAll(logs.Select((log, writer) => Task.Run(async () =>
        {
            int stored = 0;
            for (int round = 0; round < Rounds; round++)
            {
                IReadOnlyList<RoomHead> heads = await log.ReadHeadsAsync(rooms, Token);
                AppendBatch[] batches = [.. rooms.Select((room, i) => Batch(
                    room, Epoch, [.. Enumerable.Range(1, 3).Select(n => Message(heads[i].Head + n, $"{writer}.{round}.{n}"))]))];
                IReadOnlyList<AppendResult> results = await log.CommitAsync(batches, Token);
                Assert.All(results, static result => Assert.Contains(result.Status, new[] { AppendStatus.Committed, AppendStatus.Fenced }));
                stored += results.Count(static result => result.Status == AppendStatus.Committed);
            }

            return stored;
        })));

        int rows = 0;
        foreach (string room in rooms)
        {
            long[] seqs = await AllSeqsAsync(room);
            Assert.Equal(Enumerable.Range(1, seqs.Length).Select(static seq => (long)seq), seqs);
            rows += seqs.Length;
        }

        Assert.Equal(committed.Sum() * 3, rows);
        foreach (PostgresMessageLog log in logs)
        {
            await log.DisposeAsync();
        }
    }

    /// <summary>A forget and an append of the same room at the same moment: either the append is gone with the old life and was not acknowledged, or there was no forget.</summary>
    [Fact]
    public async Task Forget_BesideAStaleAppend_LosesNothingThatWasCommitted()
    {
        await using PostgresMessageLog other = NewLog();
        await other.OpenAsync(Token);
        int forgotten = 0;
        for (int round = 0; round < 60; round++)
        {
            string room = $"room {round}";
            await CommitAsync(Batch(room, Epoch, 1, 2));
            Task<long?> forget = other.ForgetAsync(room, Epoch, 2, Token);
            Task<AppendResult> append = CommitAsync(Batch(room, Epoch, 3, 1));
            bool ended = await forget is not null;
            AppendStatus status = (await append).Status;
            Assert.True(ended ? status == AppendStatus.Fenced : status == AppendStatus.Committed, $"round {round}: forgotten {ended}, appended {status}");
            forgotten += ended ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"60 rounds, {forgotten} forgotten");
    }

    [Fact]
    public async Task Commit_WhenAnotherHoldsTheRow_FailsThatRoomAlone()
    {
        await CommitAsync(Batch("held", Epoch, 1, 1));
        await using NpgsqlConnection holder = new(_server.ConnectionString(_database));
        await holder.OpenAsync(Token);
        await using NpgsqlTransaction transaction = await holder.BeginTransactionAsync(Token);
        await using NpgsqlCommand insert = new(
            "INSERT INTO chitchatz.messages SELECT id, epoch, 2, 's', 'i', 'n', '', 0 FROM chitchatz.rooms WHERE key = 'held'", holder, transaction);
        await insert.ExecuteNonQueryAsync(Token);

        IReadOnlyList<AppendResult> results = await Log.CommitAsync([Batch("held", Epoch, 2, 1), Batch("free", Epoch, 1, 1)], Token);

        Assert.Equal([AppendStatus.Failed, AppendStatus.Committed], results.Select(static result => result.Status));
        await transaction.RollbackAsync(Token);
        Assert.Equal(AppendStatus.Committed, (await CommitAsync(Batch("held", Epoch, 2, 1))).Status);
    }
}
