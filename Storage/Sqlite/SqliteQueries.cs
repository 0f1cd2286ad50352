using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Storage.Sqlite;

/// <summary>The queries that the writer and the readers share, and the shape of a message's row.</summary>
internal static class SqliteQueries
{
    private const string Columns = "m.seq, m.sub, m.name, m.id, m.text, m.at";

    /// <summary>A room's number, epoch, head and name; ?1 the key, ?2 the base epoch.</summary>
    public const string Room =
        """
        SELECT r.id, coalesce(r.epoch, ?2),
            coalesce((SELECT max(m.seq) FROM messages m WHERE m.room = r.id AND m.epoch = coalesce(r.epoch, ?2)), 0), r.name
        FROM rooms r WHERE r.key = ?1
        """;

    /// <summary>Rooms by key; ?1 the key before them, ?2 how many, ?3 the base epoch.</summary>
    public const string Spans =
        """
        SELECT r.key, coalesce(r.epoch, ?3),
            coalesce((SELECT min(m.seq) FROM messages m WHERE m.room = r.id AND m.epoch = coalesce(r.epoch, ?3)), 0),
            coalesce((SELECT max(m.seq) FROM messages m WHERE m.room = r.id AND m.epoch = coalesce(r.epoch, ?3)), 0)
        FROM rooms r WHERE r.key > ?1 ORDER BY r.key LIMIT ?2
        """;

    /// <summary>One message; ?1 the room's key, ?2 the sender, ?3 the id.</summary>
    public const string ByKey =
        $"SELECT {Columns} FROM messages m WHERE m.room = (SELECT id FROM rooms WHERE key = ?1) AND m.sub = ?2 AND m.id = ?3";

    /// <summary>Messages upwards; ?1 the room's key, ?2 the epoch, ?3 the seq below them, ?4 how many.</summary>
    public const string After =
        $"SELECT {Columns} FROM messages m WHERE m.room = (SELECT id FROM rooms WHERE key = ?1) AND m.epoch = ?2 AND m.seq > ?3 ORDER BY m.seq LIMIT ?4";

    /// <summary>Messages downwards; ?1 the room's key, ?2 the epoch, ?3 the seq above them, ?4 how many.</summary>
    public const string Before =
        $"SELECT {Columns} FROM messages m WHERE m.room = (SELECT id FROM rooms WHERE key = ?1) AND m.epoch = ?2 AND m.seq < ?3 ORDER BY m.seq DESC LIMIT ?4";

    /// <summary>Reads the row that a statement stands on.</summary>
    public static ChatMessage Message(SqliteStatement row) =>
        new(row.Int64(0), row.Text(1), row.Text(2), row.Text(3), row.Bytes(4), row.Int64(5));

    /// <summary>Runs <see cref="ByKey"/>.</summary>
    public static ChatMessage? FindByKey(SqliteStatement byKey, string room, MessageKey key)
    {
        try
        {
            return byKey.Bind(1, room).Bind(2, key.Sub).Bind(3, key.Id).Step() ? Message(byKey) : null;
        }
        finally
        {
            byKey.Reset();
        }
    }
}
