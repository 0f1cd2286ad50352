using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ChitChatz.Storage.Sqlite;

/// <summary>
/// A prepared statement that is used again and again. It goes below ADO.NET for two reasons: texts are bound and read as the
/// UTF-8 bytes that they are (a byte array would become a BLOB there, which the sqlite3 shell does not show), always with their length, so
/// that a NUL character ends nothing; and a row costs no parameter objects.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private byte[] _scratch = new byte[256];

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public SqliteStatement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, string value)
    {
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (_scratch.Length < most)
            _scratch = new byte[most];
        return Bind(index, _scratch.AsSpan(0, Encoding.UTF8.GetBytes(value, _scratch)));
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> utf8)
    {
        // The pointer to an empty span is null, and SQLite would take that for NULL.
        Check(utf8.IsEmpty ? raw.sqlite3_bind_text(_statement, index, "") : raw.sqlite3_bind_text(_statement, index, utf8));
        return this;
    }

    /// <summary>Steps once and gives SQLite's own answer; the statement must be reset afterwards.</summary>
    public int TryStep() => raw.sqlite3_step(_statement);

    /// <summary>True when a row stands ready.</summary>
    public bool Step()
    {
        var code = TryStep();
        if (code is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
            SqliteException.ThrowExceptionForRC(code, _database);
        return code == raw.SQLITE_ROW;
    }

    /// <summary>Runs a statement that brings no rows.</summary>
    public void Run()
    {
        try
        {
            while (Step())
                continue;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Ends a run. Its answer repeats the error of the last step, which was dealt with then.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(_statement, column));

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            SqliteException.ThrowExceptionForRC(code, _database);
    }
}
