using ChitChatz.Storage;
using ChitChatz.Storage.Postgres;
using ChitChatz.Storage.Sqlite;
using ChitChatz.Tests.Docs;
using ChitChatz.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using static ChitChatz.Tests.Storage.LogData;

namespace ChitChatz.Tests.Storage;

/// <summary>The statements of the documents that give a restored log a new life do so, and lose nothing.</summary>
public sealed class RestoreTests(SharedPostgres postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NewLife_InSqlite_KeepsMessagesUnderAnotherEpoch()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("chitchatz.db");
        await ExpectNewLifeAsync(time => new SqliteMessageLog(path, time, NullLoggerFactory.Instance), async () =>
        {
            await using SqliteConnection connection = new($"Data Source={path};Pooling=False");
            await connection.OpenAsync(Token);
            await using SqliteCommand command = connection.CreateCommand();
            command.CommandText = string.Join('\n', Document.Read("README.md").Fenced("Back up and restore", "sql"));
            await command.ExecuteNonQueryAsync(Token);
        });
    }

    [Fact]
    public async Task NewLife_InPostgres_KeepsMessagesUnderAnotherEpoch()
    {
        PrivatePostgres server = await postgres.Server;
        string connectionString = server.ConnectionString(await server.NewDatabaseAsync());
        await ExpectNewLifeAsync(time => new PostgresMessageLog(connectionString, time, NullLoggerFactory.Instance), async () =>
        {
            await using NpgsqlConnection connection = new(connectionString);
            await connection.OpenAsync(Token);
            await using NpgsqlCommand command = new(string.Join('\n', Document.Read("docs/operations.md").Fenced("Back up and restore a cluster", "sql")), connection);
            await command.ExecuteNonQueryAsync(Token);
        });
    }

    private static async Task ExpectNewLifeAsync<TLog>(Func<TimeProvider, TLog> open, Func<Task> renew)
        where TLog : IMessageLog, ILogRetention
    {
        long old, reborn;
        // The machine that wrote the backup was ahead of this one.
        FakeTimeProvider time = new(DateTimeOffset.UtcNow.AddDays(1));
        await using (TLog log = open(time))
        {
            await log.OpenAsync(Token);
            old = (await log.ReadHeadsAsync(["lounge"], Token))[0].Epoch;
            await log.CommitAsync([Batch("lounge", old, 1, 5), Batch("attic", old, 1, 3)], Token);

            // A room with an epoch of its own.
            reborn = (await log.ForgetAsync("attic", old, 3, Token))!.Value;
            await log.CommitAsync([Batch("attic", reborn, 1, 2)], Token);
        }

        await renew();

        await using (TLog log = open(TimeProvider.System))
        {
            await log.OpenAsync(Token);
            RoomHead[] heads = [.. await log.ReadHeadsAsync(["lounge", "attic", "new"], Token)];
            Assert.Equal([5L, 2L, 0L], heads.Select(static head => head.Head));
            long life = Assert.Single(heads.Select(static head => head.Epoch).Distinct());
            Assert.True(life > old && life > reborn, $"The new life {life} is not after {old} and {reborn}.");
            Assert.Equal("1 2 3 4 5", await ReadAsync(log, "lounge", life));
            Assert.Equal("1 2", await ReadAsync(log, "attic", life));
            Assert.Equal("", await ReadAsync(log, "lounge", old));
            Assert.Equal(AppendStatus.Fenced, (await log.CommitAsync([Batch("lounge", old, 6)], Token))[0].Status);
            Assert.Equal(AppendStatus.Committed, (await log.CommitAsync([Batch("lounge", life, 6)], Token))[0].Status);
        }
    }

    private static async Task<string> ReadAsync(IMessageLog log, string room, long epoch) =>
        string.Join(' ', Seqs(await log.ReadAfterAsync(room, epoch, 0, 100, 100_000, Token)));
}
