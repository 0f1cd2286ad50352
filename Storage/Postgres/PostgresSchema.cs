using System.Globalization;
using Npgsql;

namespace ChitChatz.Storage.Postgres;

/// <summary>
/// The tables of the log, in a schema of their own.
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
    /// <summary>The setting that names the log's database, for people.</summary>
    public const string Setting = "Storage:ConnectionString";

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
        // Ids mostly rise with time: this way a room's newest lie together, as its newest messages do. By sender first, each had a page of its own.
        """
        ALTER TABLE chitchatz.messages DROP CONSTRAINT messages_by_id;
        ALTER TABLE chitchatz.messages ADD CONSTRAINT messages_by_id UNIQUE (room, id, sub);
        """,
    ];

    /// <summary>Creates or brings up the tables. Gives the base epoch.</summary>
    public static async Task<long> MigrateAsync(NpgsqlConnection connection, string place, long newEpoch, CancellationToken cancellationToken)
    {
        string[] steps = [.. Steps.Select(step => step.Replace(":epoch", newEpoch.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))];
        await new PostgresMigration("schema_version", Setting, steps).RunAsync(connection, place, cancellationToken);
        return await PostgresMigration.ReadAsync(connection, "base_epoch", cancellationToken)
            ?? throw new LogUnavailableException($"{place} has a schema chitchatz that is not this server's.", outcomeUnclear: false);
    }
}
