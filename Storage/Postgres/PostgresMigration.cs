using Npgsql;

namespace ChitChatz.Storage.Postgres;

/// <summary>Brings a set of tables in the schema <c>chitchatz</c> from the version that a database has to the one that this code knows.</summary>
/// <param name="versionKey">Under which key in <c>chitchatz.meta</c> the version stands.</param>
/// <param name="setting">The setting that names the database, for people.</param>
/// <param name="steps">Step n leads from version n to n + 1. Steps are only ever added.</param>
internal sealed class PostgresMigration(string versionKey, string setting, string[] steps)
{
    /// <summary>One process at a time creates or brings up the schema ("ChCz").</summary>
    private const long AdvisoryLock = 0x4368437A;

    /// <summary>For one step: an index of some hundred million messages.</summary>
    private const int StepSeconds = 1_800;

    /// <summary>
    /// All steps in one transaction, one process at a time. Where nothing is to be done nothing is asked for that a user without rights to
    /// create could not do.
    /// </summary>
    /// <exception cref="LogUnavailableException">The database is none that can be used.</exception>
    public async Task RunAsync(NpgsqlConnection connection, string place, CancellationToken cancellationToken)
    {
        // Any other encoding lacks characters of names that the rules for names allow.
        if (await ShowAsync(connection, "server_encoding", cancellationToken) is var encoding and not "UTF8")
            throw new LogUnavailableException($"{place} has the encoding {encoding}. Make one with ENCODING 'UTF8' (TEMPLATE template0).", outcomeUnclear: false);

        if (await ReadVersionAsync(connection, cancellationToken) == steps.Length)
            return;

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Nine others may be doing the same; the lock goes with the transaction.
        await ExecuteAsync(connection, "SET LOCAL lock_timeout = 30000", cancellationToken);
        await ExecuteAsync(connection, "SET LOCAL statement_timeout = 60000", cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({AdvisoryLock})", cancellationToken);
        await StepAsync(connection, await ReadVersionAsync(connection, cancellationToken), place, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>A fact of the table <c>meta</c>.</summary>
    public static async Task<long?> ReadAsync(NpgsqlConnection connection, string key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT value FROM chitchatz.meta WHERE key = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        return (long?)await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>A setting as the session has it.</summary>
    public static async Task<string> ShowAsync(NpgsqlConnection connection, string setting, CancellationToken cancellationToken)
    {
        await using var show = new NpgsqlCommand($"SHOW {setting}", connection);
        return (string)(await show.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task StepAsync(NpgsqlConnection connection, long version, string place, CancellationToken cancellationToken)
    {
        if (version > steps.Length)
        {
            throw new LogUnavailableException(
                $"{place} was written by a newer version of this server (its {versionKey} is {version}, this server knows {steps.Length}). "
                + $"Run that version, or set {setting} to another database.",
                outcomeUnclear: false);
        }

        // A schema that an administrator has made beforehand is taken; asking to make it would need rights in the whole database.
        if (!await IsThereAsync(connection, "true", cancellationToken))
            await ExecuteAsync(connection, "CREATE SCHEMA chitchatz", cancellationToken);
        if (!await IsThereAsync(connection, "c.relname = 'meta'", cancellationToken))
            await ExecuteAsync(connection, "CREATE TABLE chitchatz.meta (key text PRIMARY KEY, value bigint NOT NULL)", cancellationToken);

        await ExecuteAsync(connection, $"SET LOCAL statement_timeout = {StepSeconds * 1_000}", cancellationToken);
        foreach (var step in steps.Skip((int)version))
            await ExecuteAsync(connection, step, cancellationToken, StepSeconds);
        await ExecuteAsync(
            connection,
            $"INSERT INTO chitchatz.meta (key, value) VALUES ('{versionKey}', {steps.Length}) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            cancellationToken);
    }

    /// <summary>0 when there is nothing yet.</summary>
    private async Task<long> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await IsThereAsync(connection, "c.relname = 'meta'", cancellationToken)
            ? await ReadAsync(connection, versionKey, cancellationToken) ?? 0
            : 0;

    // From the tables of the catalogue: to_regclass and its like may answer from a cache of before the lock.
    private static async Task<bool> IsThereAsync(NpgsqlConnection connection, string condition, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid WHERE n.nspname = 'chitchatz' AND {condition})",
            connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, int? seconds = null)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.CommandTimeout = seconds ?? command.CommandTimeout;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
