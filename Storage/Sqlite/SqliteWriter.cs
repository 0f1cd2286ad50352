using ChitChatz.Grains.Abstractions;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ChitChatz.Storage.Sqlite;

/// <summary>
/// The write connection. A commit is one transaction; a room's batch that does not fit is taken out of it again. Nothing about rooms is kept in
/// memory between commits: reading a room's head from its primary key costs a microsecond or two, and cannot be wrong.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly string _path;
    private readonly SqliteDatabase _database;
    private readonly long _baseEpoch;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _room;
    private readonly SqliteStatement _insertRoom;
    private readonly SqliteStatement _removeRoom;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _remove;
    private readonly SqliteStatement _byKey;

    public SqliteWriter(string path, SqliteDatabase database, long baseEpoch)
    {
        _path = path;
        _database = database;
        _baseEpoch = baseEpoch;
        _begin = database.Prepare("BEGIN IMMEDIATE");
        _commit = database.Prepare("COMMIT");
        _room = database.Prepare(SqliteQueries.Room);
        _insertRoom = database.Prepare("INSERT INTO rooms (key, name) VALUES (?1, ?2)");
        _removeRoom = database.Prepare("DELETE FROM rooms WHERE id = ?1");
        _insert = database.Prepare("INSERT INTO messages (room, epoch, seq, sub, id, name, text, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        _remove = database.Prepare("DELETE FROM messages WHERE room = ?1 AND epoch = ?2 AND seq > ?3");
        _byKey = database.Prepare(SqliteQueries.ByKey);
    }

    /// <summary>Deletes, on the same connection.</summary>
    public SqliteRetention Retention => field ??= new SqliteRetention(_database, _baseEpoch);

    /// <summary>Appends and commits. After a <see cref="LogUnavailableException"/> the connection is not to be used again.</summary>
    public AppendResult[] Commit(IReadOnlyList<AppendBatch> batches)
    {
        var committing = false;
        try
        {
            _begin.Run();
            var results = new AppendResult[batches.Count];
            for (var i = 0; i < results.Length; i++)
                results[i] = Append(batches[i]);
            committing = true;
            _commit.Run();
            return results;
        }
        catch (SqliteException error)
        {
            var unclear = committing && !_database.InTransaction && SqliteErrors.CommitMayHaveHappened(error);
            RollBackQuietly();
            throw SqliteErrors.Unavailable(_path, error, unclear);
        }
    }

    /// <summary>Writes a fact about nothing, durably.</summary>
    public bool Probe()
    {
        _database.Execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('probe', coalesce((SELECT value FROM meta WHERE key = 'probe'), 0) + 1)");
        return true;
    }

    /// <summary>Writes the write-ahead log into the database and empties it.</summary>
    public void Checkpoint() => _database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");

    public void Dispose() => _database.Dispose();

    private AppendResult Append(AppendBatch batch)
    {
        var known = FindRoom(batch.Room, out var room, out var epoch, out var head);
        if (batch.Epoch != epoch || batch.Messages[0].Seq != head + 1)
            return AppendResult.Fenced;

        if (!known)
        {
            _insertRoom.Bind(1, batch.Room).Bind(2, batch.RoomName).Run();
            room = _database.LastInsertRowId;
        }

        foreach (var message in batch.Messages)
        {
            var code = Insert(room, epoch, message);
            if (code == raw.SQLITE_DONE)
                continue;

            // The room's rows of this batch go, the other rooms' stay. Not by a savepoint: it would copy each page that any batch touches.
            _remove.Bind(1, room).Bind(2, epoch).Bind(3, head).Run();
            if (!known)
                _removeRoom.Bind(1, room).Run();
            return code == raw.SQLITE_CONSTRAINT_UNIQUE
                ? new AppendResult(AppendStatus.Duplicates, FindAll(batch))
                : AppendResult.Fenced;
        }

        return AppendResult.Committed;
    }

    private bool FindRoom(string key, out long room, out long epoch, out long head)
    {
        try
        {
            var known = _room.Bind(1, key).Bind(2, _baseEpoch).Step();
            (room, epoch, head) = known ? (_room.Int64(0), _room.Int64(1), _room.Int64(2)) : (0, _baseEpoch, 0);
            return known;
        }
        finally
        {
            _room.Reset();
        }
    }

    /// <summary>Gives SQLITE_DONE, or which of the two unique keys says no; throws for anything else.</summary>
    private int Insert(long room, long epoch, ChatMessage message)
    {
        try
        {
            _insert.Bind(1, room).Bind(2, epoch).Bind(3, message.Seq).Bind(4, message.Sub).Bind(5, message.Id)
                .Bind(6, message.Name).Bind(7, message.Text).Bind(8, message.At);
            var code = _insert.TryStep();
            if (code == raw.SQLITE_DONE)
                return code;

            var extended = _database.ExtendedErrorCode;
            if (extended is not (raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY))
                _database.Throw(code);
            return extended;
        }
        finally
        {
            _insert.Reset();
        }
    }

    private List<ChatMessage> FindAll(AppendBatch batch)
    {
        var found = new List<ChatMessage>();
        foreach (var message in batch.Messages)
        {
            if (SqliteQueries.FindByKey(_byKey, batch.Room, new MessageKey(message.Sub, message.Id)) is { } stored)
                found.Add(stored);
        }

        return found;
    }

    private void RollBackQuietly()
    {
        try
        {
            _database.RollBack();
        }
        catch (SqliteException)
        {
            // The connection is closed next, and that rolls back as well.
        }
    }
}
