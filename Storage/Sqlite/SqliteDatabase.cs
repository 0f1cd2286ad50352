using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ChitChatz.Storage.Sqlite;

/// <summary>One open connection and its prepared statements. Used by one thread at a time.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    /// <summary>How long a statement waits when somebody else, such as a backup tool, holds the database.</summary>
    private const int BusyTimeoutMilliseconds = 1_000;

    private readonly SqliteConnection _connection;
    private readonly List<SqliteStatement> _statements = [];

    private SqliteDatabase(SqliteConnection connection) => _connection = connection;

    internal sqlite3 Handle => _connection.Handle!;

    /// <summary>False after SQLite has rolled back or committed.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(Handle) == 0;

    public long LastInsertRowId => raw.sqlite3_last_insert_rowid(Handle);

    /// <summary>How many rows the last statement changed.</summary>
    public int Changes => raw.sqlite3_changes(Handle);

    public int ExtendedErrorCode => raw.sqlite3_extended_errcode(Handle);

    /// <summary>Opens an existing file; it never makes one, so that a file that vanished under a running server is not silently replaced by an empty one.</summary>
    public static SqliteDatabase Open(string path)
    {
        // Our own few connections live long; ADO.NET's pool would keep a broken one for the next user.
        var text = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();

            // SQLite opens a file that it may not write for reading only, and would tell at the first message.
            if (raw.sqlite3_db_readonly(connection.Handle, "main") == 1)
                throw new SqliteException($"The file {path} may not be written.", raw.SQLITE_READONLY);
            var database = new SqliteDatabase(connection);
            database.Execute($"PRAGMA busy_timeout = {BusyTimeoutMilliseconds}");
            return database;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Prepares a statement that lives as long as the connection.</summary>
    public SqliteStatement Prepare(string sql)
    {
        var statement = new SqliteStatement(Handle, sql);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>Runs one statement once. The text is always a constant of the code, never data.</summary>
    public void Execute(string sql)
    {
        using var statement = new SqliteStatement(Handle, sql);
        statement.Run();
    }

    /// <summary>The first column of the only row.</summary>
    public long ReadInt64(string sql)
    {
        using var statement = new SqliteStatement(Handle, sql);
        statement.Step();
        return statement.Int64(0);
    }

    /// <summary>The first column of the only row.</summary>
    public string ReadText(string sql)
    {
        using var statement = new SqliteStatement(Handle, sql);
        statement.Step();
        return statement.Text(0);
    }

    /// <summary>Throws what the last call of SQLite complained of.</summary>
    public void Throw(int code) => SqliteException.ThrowExceptionForRC(code, Handle);

    /// <summary>Rolls back whatever is open; many errors have done so already.</summary>
    public void RollBack()
    {
        if (InTransaction)
            Execute("ROLLBACK");
    }

    public void Dispose()
    {
        foreach (var statement in _statements)
            statement.Dispose();
        _statements.Clear();
        _connection.Dispose();
    }
}
