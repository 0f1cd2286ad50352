namespace ChitChatz.Storage.Sqlite;

/// <summary>Deletes, on the write connection, between two commits; each call is one short transaction.</summary>
internal sealed class SqliteRetention
{
    private readonly SqliteDatabase _database;
    private readonly long _baseEpoch;
    private readonly SqliteStatement _room;
    private readonly SqliteStatement _oldest;
    private readonly SqliteStatement _trim;
    private readonly SqliteStatement _note;
    private readonly SqliteStatement _renumber;
    private readonly SqliteStatement _forgotten;
    private readonly SqliteStatement _sweep;
    private readonly SqliteStatement _unnote;

    public SqliteRetention(SqliteDatabase database, long baseEpoch)
    {
        _database = database;
        _baseEpoch = baseEpoch;
        _room = database.Prepare(SqliteQueries.Room);
        _oldest = database.Prepare("SELECT seq, at FROM messages WHERE room = ?1 AND epoch = ?2 AND seq < ?3 ORDER BY seq LIMIT ?4");
        _trim = database.Prepare("DELETE FROM messages WHERE room = ?1 AND epoch = ?2 AND seq <= ?3");
        _note = database.Prepare("INSERT INTO forgotten (room) VALUES (?1)");
        // Above every number that was ever given: a number is only ever exchanged for a greater one.
        _renumber = database.Prepare("UPDATE rooms SET id = (SELECT max(id) + 1 FROM rooms), epoch = ?2 WHERE id = ?1");
        _forgotten = database.Prepare("SELECT room FROM forgotten LIMIT 1");
        _sweep = database.Prepare(
            "DELETE FROM messages WHERE room = ?1 AND (epoch, seq) IN (SELECT epoch, seq FROM messages WHERE room = ?1 ORDER BY epoch, seq LIMIT ?2)");
        _unnote = database.Prepare("DELETE FROM forgotten WHERE room = ?1");
    }

    public int Trim(string key, long epoch, long below, long takenBefore, int limit)
    {
        if (!Find(key, out var room, out var present, out var head) || present != epoch)
            return 0;

        var (last, count) = (0L, 0);
        try
        {
            _oldest.Bind(1, room).Bind(2, epoch).Bind(3, Math.Min(below, head)).Bind(4, Math.Max(0, limit));
            while (_oldest.Step() && _oldest.Int64(1) < takenBefore)
                (last, count) = (_oldest.Int64(0), count + 1);
        }
        finally
        {
            _oldest.Reset();
        }

        if (count > 0)
            _trim.Bind(1, room).Bind(2, epoch).Bind(3, last).Run();
        return count;
    }

    public long? Forget(string key, long epoch, long head, long now)
    {
        if (head == 0 || !Find(key, out var room, out var present, out var newest) || present != epoch || newest != head)
            return null;

        var next = Math.Max(epoch + 1, now);
        _database.Execute("BEGIN IMMEDIATE");
        try
        {
            _note.Bind(1, room).Run();
            _renumber.Bind(1, room).Bind(2, next).Run();
            _database.Execute("COMMIT");
        }
        catch
        {
            _database.RollBack();
            throw;
        }

        return next;
    }

    public int Sweep(int limit)
    {
        while (TryNextForgotten(out var room))
        {
            _sweep.Bind(1, room).Bind(2, limit).Run();
            if (_database.Changes > 0)
                return _database.Changes;
            _unnote.Bind(1, room).Run();
        }

        return 0;
    }

    private bool TryNextForgotten(out long room)
    {
        try
        {
            var found = _forgotten.Step();
            room = found ? _forgotten.Int64(0) : 0;
            return found;
        }
        finally
        {
            _forgotten.Reset();
        }
    }

    private bool Find(string key, out long room, out long epoch, out long head)
    {
        try
        {
            var known = _room.Bind(1, key).Bind(2, _baseEpoch).Step();
            (room, epoch, head) = known ? (_room.Int64(0), _room.Int64(1), _room.Int64(2)) : (0, 0, 0);
            return known;
        }
        finally
        {
            _room.Reset();
        }
    }
}
