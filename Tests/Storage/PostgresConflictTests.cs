using ChitChatz.Storage;
using ChitChatz.Storage.Postgres;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using static ChitChatz.Tests.Storage.LogData;

namespace ChitChatz.Tests.Storage;

/// <summary>Commits that meet others, on the server and in themselves: what is told of each room is what became of it.</summary>
public sealed class PostgresConflictTests(SharedPostgres postgres) : IAsyncLifetime
{
    private PrivatePostgres _server = null!;
    private PostgresMessageLog _log = null!;
    private string _database = "";
    private long _epoch;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await postgres.Server;
        _database = await _server.NewDatabaseAsync();
        _log = new PostgresMessageLog(_server.ConnectionString(_database), TimeProvider.System, NullLoggerFactory.Instance);
        await _log.OpenAsync(Token);
        _epoch = (await _log.ReadHeadsAsync(["any"], Token))[0].Epoch;
    }

    public async ValueTask DisposeAsync()
    {
        if (_log is not null)
            await _log.DisposeAsync();
    }

    /// <summary>Rooms that are known go with the first statement, new ones with another: trouble of the second changes nothing of the first.</summary>
    [Fact]
    public async Task Commit_WhenAnotherHoldsTheKeyOfANewRoom_TellsOfTheKnownRoomThatItIsStored()
    {
        await _log.CommitAsync([Batch("known", _epoch, 1)], Token);
        await using Holder holder = await HoldAsync($"INSERT INTO chitchatz.rooms (key, name, epoch) VALUES ('held', 'HELD', {_epoch})");

        IReadOnlyList<AppendResult> results = await _log.CommitAsync([Batch("known", _epoch, 2), Batch("held", _epoch, 1), Batch("new", _epoch, 1)], Token);

        Assert.Equal([AppendStatus.Committed, AppendStatus.Failed, AppendStatus.Committed], results.Select(static result => result.Status));
        Assert.Equal("2, 0, 1", await HeadsAsync("known", "held", "new"));
    }

    /// <summary>A part is stored when the rest fails: then "nothing is stored" would be wrong.</summary>
    [Fact]
    public async Task Commit_WhenTheServerFailsAfterAPart_SaysThatTheOutcomeIsUnclear()
    {
        await _log.CommitAsync([Batch("known", _epoch, 1)], Token);
        await FailAsync("rooms", "53100");

        LogUnavailableException failed = await Assert.ThrowsAsync<LogUnavailableException>(
            () => _log.CommitAsync([Batch("known", _epoch, 2), Batch("new", _epoch, 1)], Token));

        Assert.Equal("2, 0", await HeadsAsync("known", "new"));
        Assert.True(failed.OutcomeUnclear);
        Assert.EndsWith("has no space left.", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commit_WhenTheServerFailsAtOnce_SaysThatNothingIsStored()
    {
        await _log.CommitAsync([Batch("known", _epoch, 1)], Token);
        await FailAsync("messages", "53100");

        LogUnavailableException failed = await Assert.ThrowsAsync<LogUnavailableException>(() => _log.CommitAsync([Batch("known", _epoch, 2)], Token));

        Assert.False(failed.OutcomeUnclear);
        Assert.Equal("1", await HeadsAsync("known"));
    }

    /// <summary>The rows of the answer, and even its end, are sent before the commit: only what comes after it counts.</summary>
    [Fact]
    public async Task Commit_WhenTheServerFailsAtItsVeryEnd_IsNotTakenForStored()
    {
        await FailAsync("messages", "53100", "CONSTRAINT TRIGGER refuse AFTER INSERT", "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW");

        LogUnavailableException failed = await Assert.ThrowsAsync<LogUnavailableException>(() => _log.CommitAsync([Batch("room", _epoch, 1)], Token));

        Assert.False(failed.OutcomeUnclear);
        Assert.Equal("0", await HeadsAsync("room"));
    }

    /// <summary>The whole table is locked, say by VACUUM FULL: the commit ends soon, and does not wait for each of its rooms in turn.</summary>
    [Fact]
    public async Task Commit_WhenTheTableIsLocked_DoesNotWaitForEachRoom()
    {
        const int Rooms = 400;
        await _log.CommitAsync([.. Enumerable.Range(0, Rooms).Select(i => Batch($"room {i}", _epoch, 1))], Token);
        await using (await HoldAsync("LOCK TABLE chitchatz.messages IN SHARE MODE"))
        {
            IReadOnlyList<AppendResult> results = await Deadline.Within(
                _log.CommitAsync([.. Enumerable.Range(0, Rooms).Select(i => Batch($"room {i}", _epoch, 2))], Token), "the end of a commit under a lock");
            Assert.All(results, static result => Assert.Equal(AppendStatus.Failed, result.Status));
        }

        IReadOnlyList<AppendResult> after = await _log.CommitAsync([.. Enumerable.Range(0, Rooms).Select(i => Batch($"room {i}", _epoch, 2))], Token);
        Assert.All(after, static result => Assert.Equal(AppendStatus.Committed, result.Status));
    }

    /// <summary>After a crash most rooms repeat what the dead silo stored. At most one statement fails for that; the next tells all of them apart.</summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task Commit_WhenIdsOfManyRoomsStand_MeetsOneConflictOrNone(bool isExpected, int expected)
    {
        const int Rooms = 20;
        string[] rooms = [.. Enumerable.Range(0, Rooms).Select(static i => $"room {i}")];
        Conflicts conflicts = new();
        using ILoggerFactory loggers = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Debug).AddProvider(conflicts));
        await using PostgresMessageLog log = new(_server.ConnectionString(_database), TimeProvider.System, loggers);
        await log.OpenAsync(Token);
        await log.CommitAsync([.. rooms.Select(room => Batch(room, _epoch, 1))], Token);

        // Every other room repeats its message behind a new one; one is no longer where its writer believes, and one is new.
        IReadOnlyList<AppendResult> results = await log.CommitAsync(
            [
                .. rooms.Select((room, i) => Batch(room, _epoch, Message(2), i % 2 == 0 ? Message(3, "id-1") : Message(3)) with { MayRepeat = isExpected && i == 0 }),
                Batch("overtaken", _epoch, 7),
                Batch("new", _epoch, 1),
            ],
            Token);

        Assert.Equal(
            [
                .. Enumerable.Range(0, Rooms).Select(static i => i % 2 == 0 ? AppendStatus.Duplicates : AppendStatus.Committed),
                AppendStatus.Fenced,
                AppendStatus.Committed,
            ],
            results.Select(static result => result.Status));
        Assert.All(results.Where(static result => result.Status == AppendStatus.Duplicates), static result => Assert.Equal([1L], Seqs(result.Duplicates)));
        Assert.Equal(string.Join(", ", Enumerable.Range(0, Rooms).Select(static i => i % 2 == 0 ? 1 : 3)) + ", 0, 1", await HeadsAsync([.. rooms, "overtaken", "new"]));
        Assert.Equal(expected, conflicts.Count);
    }

    /// <summary>What only the server can refuse of one room's values is that room's trouble alone.</summary>
    [Fact]
    public async Task Commit_WhenTheServerCannotTakeAValue_FailsThatRoomAlone()
    {
        IReadOnlyList<AppendResult> results = await _log.CommitAsync(
            [Batch("before", _epoch, 1), Batch("odd", _epoch, Message(1, "nul\0inside")), Batch("after", _epoch, 1)], Token);

        Assert.Equal([AppendStatus.Committed, AppendStatus.Failed, AppendStatus.Committed], results.Select(static result => result.Status));
        Assert.Equal("1, 0, 1", await HeadsAsync("before", "odd", "after"));
    }

    /// <summary>
    /// The race that the row under the next seq is for: the append has seen the old epoch when the forget commits. Without that row it would be
    /// told that it is stored, in a life that nobody reads any more.
    /// </summary>
    [Fact]
    public async Task Commit_WhenAForgetCommitsAfterItsSnapshot_IsFenced()
    {
        await _log.CommitAsync([Batch("room", _epoch, 1, 2)], Token);
        await using Holder forget = await HoldAsync(PostgresQueries.Forget, "room", _epoch, 2L, _epoch + 1);
        Task<IReadOnlyList<AppendResult>> append = _log.CommitAsync([Batch("room", _epoch, 3)], Token);
        await Deadline.Within(WhenSomebodyWaitsAsync(append), "an append that waits for the forget");

        await forget.CommitAsync();

        Assert.Equal(AppendStatus.Fenced, Assert.Single(await append).Status);
        RoomHead head = Assert.Single(await _log.ReadHeadsAsync(["room"], Token));
        Assert.Equal((_epoch + 1, 0), (head.Epoch, head.Head));
    }

    private async Task<string> HeadsAsync(params string[] rooms) => string.Join(", ", (await _log.ReadHeadsAsync(rooms, Token)).Select(static room => room.Head));

    private async Task FailAsync(string table, string state, string trigger = "TRIGGER refuse BEFORE INSERT", string form = "FOR EACH STATEMENT")
    {
        await _server.ExecuteAsync(
            _database, $"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{state}'; END $$");
        await _server.ExecuteAsync(_database, $"CREATE {trigger} ON chitchatz.{table} {form} EXECUTE FUNCTION refuse()");
    }

    private async Task WhenSomebodyWaitsAsync(Task other)
    {
        const string Waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while (!other.IsCompleted && (long)(await _server.ExecuteAsync(_database, Waiting))! == 0)
            await Task.Delay(5, Token);
    }

    private async Task<Holder> HoldAsync(string sql, params object[] parameters)
    {
        NpgsqlConnection connection = new(_server.ConnectionString(_database) + ";Pooling=false");
        await connection.OpenAsync(Token);
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(Token);
        await using NpgsqlCommand command = new(sql, connection, transaction);
        foreach (object parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await command.ExecuteNonQueryAsync(Token);
        return new Holder(connection, transaction);
    }

    /// <summary>Counts the statements that a conflict ended.</summary>
    private sealed class Conflicts : ILoggerProvider, ILogger
    {
        public int Count { get; private set; }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Count += eventId.Name == nameof(PostgresMessageLogLog.Conflict) ? 1 : 0;

        public void Dispose()
        {
        }
    }

    /// <summary>A transaction of somebody else's, open until it ends.</summary>
    private sealed class Holder(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public Task CommitAsync() => transaction.CommitAsync(Token);

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
