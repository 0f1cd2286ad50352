namespace ChitChatz.Storage.Postgres;

/// <summary>The statements. Each runs by itself, in its own transaction: a process that freezes between two of them holds nothing.</summary>
internal static class PostgresQueries
{
    private const string Columns = "m.seq, m.sub, m.name, m.id, m.text, m.at";

    /// <summary>The newest seq of the room <c>r</c> in its present epoch, 0 when there is none.</summary>
    private const string Head =
        "coalesce((SELECT h.seq FROM chitchatz.messages h WHERE h.room = r.id AND h.epoch = r.epoch ORDER BY h.seq DESC LIMIT 1), 0)";

    /// <summary>
    /// Appends the batches of many rooms: $1 keys, $2 epochs, $3 first seqs, one each for a room; then one each for a message: $4 which
    /// of those rooms (from 1), $5 seq, $6 sub, $7 id, $8 name, $9 text, $10 at. Gives for each room, in order, whether it is known,
    /// whether its batch comes next, and whether an id of it stands there already; what comes next and has no such id was taken. Does
    /// not look for such ids: one of them ends the statement by <see cref="PostgresSchema.IdConstraint"/>.
    /// </summary>
    /// <remarks>
    /// What the statement sees of a room may be old: another writer, or a forget, may have committed since it began. Then it inserts a
    /// key that is taken, and <c>messages_pkey</c> ends it: a forget leaves a row under the next seq of the life that it ends (see
    /// <see cref="Forget"/>). So no row of <c>rooms</c> is locked, and none is written, by an append. Rows go in by ascending room and
    /// seq, in which order all writers wait for each other, if they meet at all.
    /// </remarks>
    public const string Append = AppendTo + "standing AS (SELECT 0::bigint AS n WHERE false)" + AppendWhatStandsNot;

    /// <summary>
    /// The same, and looks for the ids first, which costs a look at the index for each message: for when some stand there already, as after
    /// the crash of another writer.
    /// </summary>
    public const string AppendUnlessStanding =
        AppendTo
        + """
        standing AS MATERIALIZED (
            SELECT DISTINCT m.n FROM unnest($4, $6, $7) AS m (n, sub, id) JOIN room ON room.n = m.n
            JOIN chitchatz.messages o ON o.room = room.id AND o.id = m.id AND o.sub = m.sub
            WHERE room.fits)
        """
        + AppendWhatStandsNot;

    private const string AppendTo =
        $"""
        WITH room AS MATERIALIZED (
            SELECT w.n, r.id, r.epoch, r.epoch = w.epoch AND w.first = {Head} + 1 AS fits
            FROM unnest($1, $2, $3) WITH ORDINALITY AS w (key, epoch, first, n) LEFT JOIN chitchatz.rooms r ON r.key = w.key),

        """;

    private const string AppendWhatStandsNot =
        """
        ,
        put AS (
            INSERT INTO chitchatz.messages (room, epoch, seq, sub, id, name, text, at)
            SELECT room.id, room.epoch, m.seq, m.sub, m.id, m.name, m.text, m.at
            FROM unnest($4, $5, $6, $7, $8, $9, $10) AS m (n, seq, sub, id, name, text, at) JOIN room ON room.n = m.n
            WHERE room.fits AND room.n NOT IN (SELECT n FROM standing)
            ORDER BY room.id, m.seq)
        SELECT room.id IS NOT NULL, coalesce(room.fits, false), room.n IN (SELECT n FROM standing) FROM room ORDER BY room.n
        """;

    /// <summary>Makes rooms, unless they are there; $1 keys, $2 names, $3 the base epoch.</summary>
    public const string AddRooms =
        "INSERT INTO chitchatz.rooms (key, name, epoch) SELECT w.key, w.name, $3 FROM unnest($1, $2) AS w (key, name) ORDER BY w.key ON CONFLICT (key) DO NOTHING";

    /// <summary>The epoch, head and name of each of the rooms $1, in their order; nulls for one that is not there.</summary>
    public const string Heads =
        $"SELECT r.epoch, {Head}, r.name FROM unnest($1) WITH ORDINALITY AS w (key, n) LEFT JOIN chitchatz.rooms r ON r.key = w.key ORDER BY w.n";

    /// <summary>Messages upwards; $1 the room's key, $2 the epoch, $3 the seq below them, $4 how many.</summary>
    public const string After =
        $"SELECT {Columns} FROM chitchatz.messages m WHERE m.room = (SELECT id FROM chitchatz.rooms WHERE key = $1) AND m.epoch = $2 AND m.seq > $3 ORDER BY m.seq LIMIT $4";

    /// <summary>Messages downwards; $1 the room's key, $2 the epoch, $3 the seq above them, $4 how many.</summary>
    public const string Before =
        $"SELECT {Columns} FROM chitchatz.messages m WHERE m.room = (SELECT id FROM chitchatz.rooms WHERE key = $1) AND m.epoch = $2 AND m.seq < $3 ORDER BY m.seq DESC LIMIT $4";

    /// <summary>The messages under ids; $1 the room's key, $2 the senders, $3 the ids. Begins with the number of the pair, from 1.</summary>
    public const string Find =
        $"""
        SELECT w.n, {Columns} FROM unnest($2, $3) WITH ORDINALITY AS w (sub, id, n)
        JOIN chitchatz.messages m ON m.room = (SELECT id FROM chitchatz.rooms WHERE key = $1) AND m.sub = w.sub AND m.id = w.id
        """;

    /// <summary>Rooms that have messages, by key; $1 the key before them, $2 how many.</summary>
    public const string Spans =
        """
        SELECT r.key, r.epoch,
            (SELECT m.seq FROM chitchatz.messages m WHERE m.room = r.id AND m.epoch = r.epoch ORDER BY m.seq LIMIT 1),
            (SELECT m.seq FROM chitchatz.messages m WHERE m.room = r.id AND m.epoch = r.epoch ORDER BY m.seq DESC LIMIT 1)
        FROM chitchatz.rooms r WHERE r.key > $1 ORDER BY r.key LIMIT $2
        """;

    /// <summary>Deletes a room's oldest messages; $1 the key, $2 the epoch, $3 below which seq, $4 taken before when, $5 how many.</summary>
    public const string Trim =
        $"""
        WITH room AS (SELECT r.id, r.epoch, {Head} AS head FROM chitchatz.rooms r WHERE r.key = $1 AND r.epoch = $2),
        old AS (
            SELECT m.seq, m.at FROM chitchatz.messages m, room
            WHERE m.room = room.id AND m.epoch = room.epoch AND m.seq < least($3, room.head) ORDER BY m.seq LIMIT $5),
        gone AS (SELECT seq FROM old WHERE seq < coalesce((SELECT min(seq) FROM old WHERE at >= $4), 9223372036854775807))
        DELETE FROM chitchatz.messages m USING room, gone WHERE m.room = room.id AND m.epoch = room.epoch AND m.seq = gone.seq
        """;

    /// <summary>
    /// Ends a room's life; $1 the key, $2 its epoch, $3 its head, $4 the least new epoch. Gives the new epoch, or no row when epoch or head
    /// are not the room's any more. The row under the next seq of the old life stops the writer that does not know yet that it is over.
    /// </summary>
    public const string Forget =
        $"""
        WITH old AS (SELECT r.id, r.epoch FROM chitchatz.rooms r WHERE r.key = $1 AND r.epoch = $2 AND {Head} = $3),
        fence AS (
            INSERT INTO chitchatz.messages (room, epoch, seq, sub, id, name, text, at)
            SELECT id, epoch, $3 + 1, '', '', '', '', 0 FROM old RETURNING room),
        note AS (INSERT INTO chitchatz.forgotten (room) SELECT room FROM fence)
        UPDATE chitchatz.rooms r SET id = DEFAULT, epoch = greatest(r.epoch + 1, $4) FROM fence WHERE r.id = fence.room RETURNING r.epoch
        """;

    /// <summary>Deletes messages of forgotten lives; $1 how many, $2 forgotten how long ago at least.</summary>
    public const string Sweep =
        """
        DELETE FROM chitchatz.messages m USING (
            SELECT o.room, o.epoch, o.seq FROM chitchatz.forgotten f JOIN chitchatz.messages o ON o.room = f.room
            WHERE f.at <= now() - $2 LIMIT $1) AS gone
        WHERE m.room = gone.room AND m.epoch = gone.epoch AND m.seq = gone.seq
        """;

    /// <summary>Forgets the forgotten of whom nothing is left; $1 forgotten how long ago at least.</summary>
    public const string SweepNotes =
        "DELETE FROM chitchatz.forgotten f WHERE f.at <= now() - $1 AND NOT EXISTS (SELECT 1 FROM chitchatz.messages m WHERE m.room = f.room)";
}
