using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Storage.Sqlite;

/// <summary>One read connection.</summary>
internal sealed class SqliteReader : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly long _baseEpoch;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _end;
    private readonly SqliteStatement _room;
    private readonly SqliteStatement _after;
    private readonly SqliteStatement _before;
    private readonly SqliteStatement _byKey;
    private readonly SqliteStatement _spans;

    public SqliteReader(SqliteDatabase database, long baseEpoch)
    {
        _database = database;
        _baseEpoch = baseEpoch;
        _begin = database.Prepare("BEGIN");
        _end = database.Prepare("COMMIT");
        _room = database.Prepare(SqliteQueries.Room);
        _after = database.Prepare(SqliteQueries.After);
        _before = database.Prepare(SqliteQueries.Before);
        _byKey = database.Prepare(SqliteQueries.ByKey);
        _spans = database.Prepare(SqliteQueries.Spans);
    }

    public IReadOnlyList<RoomHead> Heads(IReadOnlyList<string> rooms)
    {
        // One transaction for all is one look at the write-ahead log instead of one for each.
        _begin.Run();
        var heads = new RoomHead[rooms.Count];
        for (var i = 0; i < heads.Length; i++)
            heads[i] = Head(rooms[i]);
        _end.Run();
        return heads;
    }

    public IReadOnlyList<ChatMessage> After(string room, long epoch, long after, int limit, int maxBytes) =>
        Page(_after, room, epoch, after, limit, maxBytes);

    public IReadOnlyList<ChatMessage> Before(string room, long epoch, long before, int limit, int maxBytes)
    {
        var page = Page(_before, room, epoch, before, limit, maxBytes);
        page.Reverse();
        return page;
    }

    public IReadOnlyList<ChatMessage?> Find(string room, IReadOnlyList<MessageKey> keys)
    {
        _begin.Run();
        var found = new ChatMessage?[keys.Count];
        for (var i = 0; i < found.Length; i++)
            found[i] = SqliteQueries.FindByKey(_byKey, room, keys[i]);
        _end.Run();
        return found;
    }

    public IReadOnlyList<RoomSpan> Spans(string afterRoom, int limit)
    {
        var spans = new List<RoomSpan>();
        try
        {
            _spans.Bind(1, afterRoom).Bind(2, Math.Max(0, limit)).Bind(3, _baseEpoch);
            while (_spans.Step())
                spans.Add(new RoomSpan(_spans.Text(0), _spans.Int64(1), _spans.Int64(2), _spans.Int64(3)));
            return spans;
        }
        finally
        {
            _spans.Reset();
        }
    }

    public void Dispose() => _database.Dispose();

    private RoomHead Head(string key)
    {
        try
        {
            return _room.Bind(1, key).Bind(2, _baseEpoch).Step()
                ? new RoomHead(_room.Int64(1), _room.Int64(2), _room.Text(3))
                : new RoomHead(_baseEpoch, 0, null);
        }
        finally
        {
            _room.Reset();
        }
    }

    private static List<ChatMessage> Page(SqliteStatement query, string room, long epoch, long from, int limit, int maxBytes)
    {
        var page = new PageBuilder(limit, maxBytes);
        try
        {
            // A negative LIMIT would be none at all.
            query.Bind(1, room).Bind(2, epoch).Bind(3, from).Bind(4, Math.Max(0, limit));
            while (query.Step() && page.TryAdd(SqliteQueries.Message(query)))
                continue;
            return page.Messages;
        }
        finally
        {
            query.Reset();
        }
    }
}
