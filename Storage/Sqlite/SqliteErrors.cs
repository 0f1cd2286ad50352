using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ChitChatz.Storage.Sqlite;

/// <summary>Turns SQLite's errors into sentences for operators.</summary>
internal static class SqliteErrors
{
    /// <summary>The error as the interface promises it.</summary>
    public static LogUnavailableException Unavailable(string path, SqliteException error, bool outcomeUnclear = false) =>
        new(Describe(path, error), outcomeUnclear, error);

    /// <summary>
    /// Whether a failed COMMIT, after which no transaction is open any more, may have happened all the same. A full disk refuses
    /// the write of a frame, and the frame that commits is the last one: what it refused cannot be complete. A failed fsync,
    /// on the other hand, may leave a complete transaction in the file, to be found by the next recovery.
    /// </summary>
    public static bool CommitMayHaveHappened(SqliteException error) => error.SqliteErrorCode != raw.SQLITE_FULL;

    private static string Describe(string path, SqliteException error) => error.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => $"No space is left for the database {path}.",
        raw.SQLITE_READONLY => $"The database {path} may not be written: the file, its folder or its disk is read-only.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"Another program holds the database {path}.",
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => $"The database {path} cannot be opened: the file, its folder, or the right to use them is missing.",
        raw.SQLITE_NOTADB => $"{path} is not a SQLite database. Move the file away, or set Data:Folder to another folder.",
        raw.SQLITE_CORRUPT => $"The database {path} is damaged ({error.Message}). Restore a backup.",
        raw.SQLITE_IOERR => $"The disk of the database {path} refuses to read or write ({error.Message}, {error.SqliteExtendedErrorCode}).",
        _ => $"The database {path} fails: {error.Message}",
    };
}
