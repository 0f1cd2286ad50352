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

    /// <summary>The constraint that tells a repeated id.</summary>
    public const string IdConstraint = "messages_by_id";

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

    /// <summary>
    /// Creates or brings up the tables, all steps in one transaction, one process at a time. Gives the base epoch. Where nothing is to be
    /// done nothing is asked for that a user without rights to create could not do.
    /// </summary>
    public static async Task<long> MigrateAsync(NpgsqlConnection connection, string place, long newEpoch, CancellationToken cancellationToken)
    {
        // Any other encoding lacks characters of names that the rules for names allow.
        if (await ShowAsync(connection, "server_encoding", cancellationToken) is var encoding and not "UTF8")
            throw new LogUnavailableException($"{place} has the encoding {encoding}. Make one with ENCODING 'UTF8' (TEMPLATE template0).", outcomeUnclear: false);

        var version = await ReadVersionAsync(connection, cancellationToken);
        if (version != Version)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

            // Nine others may be doing the same; the lock goes with the transaction.
            await ExecuteAsync(connection, "SET LOCAL lock_timeout = 30000", cancellationToken);
            await ExecuteAsync(connection, "SET LOCAL statement_timeout = 60000", cancellationToken);
            await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({AdvisoryLock})", cancellationToken);
            version = await ReadVersionAsync(connection, cancellationToken);
            await MigrateAsync(connection, version, place, newEpoch, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return await ReadAsync(connection, "base_epoch", cancellationToken)
            ?? throw new LogUnavailableException($"{place} has a schema chitchatz that is not this server's.", outcomeUnclear: false);
    }

    private static async Task MigrateAsync(NpgsqlConnection connection, long version, string place, long newEpoch, CancellationToken cancellationToken)
    {
        if (version > Version)
        {
            throw new LogUnavailableException(
                $"{place} was written by a newer version of this server (its schema is {version}, this server knows {Version}). "
                + "Run that version, or set Storage:ConnectionString to another database.",
                outcomeUnclear: false);
        }

        if (version == 0)
        {
            // A schema that an administrator has made beforehand is taken; asking to make it would need rights in the whole database.
            if (!await IsThereAsync(connection, "true", cancellationToken))
                await ExecuteAsync(connection, "CREATE SCHEMA chitchatz", cancellationToken);
            await ExecuteAsync(connection, "CREATE TABLE IF NOT EXISTS chitchatz.meta (key text PRIMARY KEY, value bigint NOT NULL)", cancellationToken);
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
    }

    /// <summary>A setting as the session has it.</summary>
    public static async Task<string> ShowAsync(NpgsqlConnection connection, string setting, CancellationToken cancellationToken)
    {
        await using var show = new NpgsqlCommand($"SHOW {setting}", connection);
        return (string)(await show.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>0 when there is nothing yet.</summary>
    private static async Task<long> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await IsThereAsync(connection, "c.relname = 'meta'", cancellationToken)
            ? await ReadAsync(connection, "schema_version", cancellationToken) ?? 0
            : 0;

    // From the tables of the catalogue: to_regclass and its like may answer from a cache of before the lock.
    private static async Task<bool> IsThereAsync(NpgsqlConnection connection, string condition, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid WHERE n.nspname = 'chitchatz' AND {condition})",
            connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
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
