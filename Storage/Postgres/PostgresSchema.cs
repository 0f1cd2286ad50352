using System.Globalization;
using Npgsql;

namespace ChitChatz.Storage.Postgres;

/// <summary>
/// The tables, their version and the way from one version to the next, in a schema of their own.
/// <list type="bullet">
/// <item><c>meta</c>: single facts; <c>schema_version</c>, and <c>base_epoch</c>, the epoch in which rooms begin.</item>
/// <item><c>rooms</c>: a number for each key, the name as first spelled, the present epoch. Forgetting gives the key another number.</item>
/// <item><c>messages</c>: the log. <c>messages_pkey</c> fences, <c>messages_by_id</c> tells repeats. Texts are bytes: they may hold U+0000.</item>
/// <item><c>forgotten</c>: numbers whose messages are to be deleted.</item>
/// </list>
/// Keys, senders and ids are compared byte for byte, whatever the database's collation.
/// </summary>
internal static class PostgresSchema
{
    /// <summary>One process at a time creates or brings up the schema ("ChCz").</summary>
    private const long AdvisoryLock = 0x4368437A;

    // Step n leads from version n to n + 1. Steps are only ever added.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE chitchatz.rooms (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            key text COLLATE "C" NOT NULL CONSTRAINT rooms_by_key UNIQUE,
            name text NOT NULL,
            epoch bigint NOT NULL);
        CREATE TABLE chitchatz.messages (
            room bigint NOT NULL, epoch bigint NOT NULL, seq bigint NOT NULL,
            sub text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, name text NOT NULL, text bytea NOT NULL, at bigint NOT NULL,
            CONSTRAINT messages_pkey PRIMARY KEY (room, epoch, seq),
            CONSTRAINT messages_by_id UNIQUE (room, sub, id));
        CREATE TABLE chitchatz.forgotten (room bigint PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
        INSERT INTO chitchatz.meta (key, value) VALUES ('base_epoch', :epoch);
        """,
    ];

    /// <summary>The version that this code reads and writes.</summary>
    public static int Version => Steps.Length;

    /// <summary>Creates or brings up the tables, all steps in one transaction, one process at a time. Gives the base epoch.</summary>
    public static async Task<long> MigrateAsync(NpgsqlConnection connection, string place, long newEpoch, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Nine others may be doing the same; the lock goes with the transaction.
        await ExecuteAsync(connection, "SET LOCAL lock_timeout = 30000", cancellationToken);
        await ExecuteAsync(connection, "SET LOCAL statement_timeout = 60000", cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({AdvisoryLock})", cancellationToken);
        await ExecuteAsync(connection, "CREATE SCHEMA IF NOT EXISTS chitchatz", cancellationToken);
        await ExecuteAsync(connection, "CREATE TABLE IF NOT EXISTS chitchatz.meta (key text PRIMARY KEY, value bigint NOT NULL)", cancellationToken);
        var version = await ReadAsync(connection, "schema_version", cancellationToken) ?? 0;
        if (version > Version)
        {
            throw new LogUnavailableException(
                $"{place} was written by a newer version of this server (its schema is {version}, this server knows {Version}). "
                + "Run that version, or set Storage:ConnectionString to another database.",
                outcomeUnclear: false);
        }

        foreach (var step in Steps.Skip((int)version))
            await ExecuteAsync(connection, step.Replace(":epoch", newEpoch.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), cancellationToken);
        if (version < Version)
        {
            await ExecuteAsync(
                connection,
                $"INSERT INTO chitchatz.meta (key, value) VALUES ('schema_version', {Version}) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                cancellationToken);
        }

        var epoch = await ReadAsync(connection, "base_epoch", cancellationToken)
            ?? throw new LogUnavailableException($"{place} has a schema chitchatz that is not this server's.", outcomeUnclear: false);
        await transaction.CommitAsync(cancellationToken);
        return epoch;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<long?> ReadAsync(NpgsqlConnection connection, string key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT value FROM chitchatz.meta WHERE key = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        return (long?)await command.ExecuteScalarAsync(cancellationToken);
    }
}
