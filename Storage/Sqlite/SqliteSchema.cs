using System.Globalization;

namespace ChitChatz.Storage.Sqlite;

/// <summary>
/// The tables, their version (<c>PRAGMA user_version</c>) and the way from one version to the next.
/// <list type="bullet">
/// <item><c>meta</c>: single facts; <c>base_epoch</c> is the epoch of every room without its own.</item>
/// <item><c>rooms</c>: a small number for each key, the name as first spelled, the epoch where it is not the base epoch.</item>
/// <item><c>forgotten</c>: numbers of rooms whose lives are over; their messages are to be deleted.</item>
/// <item><c>messages</c>: the log. Its order on disk is its primary key, so that a room's newest messages lie together.</item>
/// </list>
/// </summary>
internal static class SqliteSchema
{
    /// <summary>Tells our files from other programs' ("ChCz").</summary>
    public const long ApplicationId = 0x4368437A;

    // Step n leads from version n to n + 1. Steps are only ever added.
    private static readonly string[][] Steps =
    [
        [
            "CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value) WITHOUT ROWID",
            "CREATE TABLE rooms (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, epoch INTEGER) STRICT",
            """
            CREATE TABLE messages (
                room INTEGER NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
                sub TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL,
                PRIMARY KEY (room, epoch, seq)) STRICT, WITHOUT ROWID
            """,
            "CREATE UNIQUE INDEX messages_by_id ON messages (room, sub, id)",
            "INSERT INTO meta (key, value) VALUES ('base_epoch', CAST(:epoch AS INTEGER))",
        ],
        ["CREATE TABLE forgotten (room INTEGER PRIMARY KEY) STRICT"],
        // Ids mostly rise with time: this way a room's newest lie together, as its newest messages do. By sender first, each had a page of its own.
        ["DROP INDEX messages_by_id", "CREATE UNIQUE INDEX messages_by_id ON messages (room, id, sub)"],
    ];

    /// <summary>The version that this code reads and writes.</summary>
    public static int Version => Steps.Length;

    /// <summary>Refuses files that are not ours or newer than this code, without changing them.</summary>
    /// <returns>The file's version; 0 for an empty file.</returns>
    public static int Check(SqliteDatabase database, string path)
    {
        var version = (int)database.ReadInt64("PRAGMA user_version");
        var application = database.ReadInt64("PRAGMA application_id");
        var empty = database.ReadInt64("SELECT count(*) FROM sqlite_schema") == 0;
        if (application != ApplicationId && !(empty && version == 0 && application == 0))
            throw Refused($"{path} is a SQLite database of another program. Move it away, or set Data:Folder to another folder.");
        if (version > Version)
            throw Refused($"The database {path} was written by a newer version of this server (its schema is {version}, this server knows {Version}). "
                + "Run that version, or set Data:Folder to another folder.");
        return version;
    }

    /// <summary>Makes or brings up the tables, all steps in one transaction.</summary>
    public static void Migrate(SqliteDatabase database, int from, long newEpoch)
    {
        if (from == Version)
            return;

        database.Execute("BEGIN IMMEDIATE");
        try
        {
            foreach (var sql in Steps.Skip(from).SelectMany(step => step))
                database.Execute(sql.Replace(":epoch", newEpoch.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
            database.Execute($"PRAGMA application_id = {ApplicationId}");
            database.Execute($"PRAGMA user_version = {Version}");
            database.Execute("COMMIT");
        }
        catch
        {
            database.RollBack();
            throw;
        }
    }

    /// <summary>The epoch of every room that has none of its own.</summary>
    public static long ReadBaseEpoch(SqliteDatabase database) => database.ReadInt64("SELECT value FROM meta WHERE key = 'base_epoch'");

    private static LogUnavailableException Refused(string text) => new(text, outcomeUnclear: false);
}
