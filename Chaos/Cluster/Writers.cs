using Npgsql;

namespace ChitChatz.Chaos.Cluster;

/// <summary>A silo's rows in a room.</summary>
/// <param name="Room">The room.</param>
/// <param name="Seq">The row's place.</param>
/// <param name="Writer">Which start of which silo wrote it.</param>
internal readonly record struct WrittenRow(string Room, long Seq, string Writer);

/// <summary>
/// Who wrote which row. The server does not say; its connections have names, and a column with a default, which the server does not know
/// of, keeps the name of the connection that made the row. That also tells which silo has a room: who wrote its newest row.
/// </summary>
internal sealed class Writers(StoreNode store)
{
    /// <summary>Adds the column; once the server has made its tables.</summary>
    public Task BeginAsync() =>
        store.ExecuteAsync("ALTER TABLE chitchatz.messages ADD COLUMN writer text DEFAULT current_setting('application_name')");

    /// <summary>For each room that has messages, who wrote the newest.</summary>
    public async Task<Dictionary<string, string>> OwnersAsync()
    {
        var rows = await ReadAsync(
            """
            SELECT r.name, m.seq, m.writer FROM chitchatz.rooms r CROSS JOIN LATERAL (
                SELECT seq, writer FROM chitchatz.messages WHERE room = r.id AND epoch = r.epoch ORDER BY seq DESC LIMIT 1) m
            """);
        return rows.ToDictionary(static row => row.Room, static row => row.Writer);
    }

    /// <summary>A room's newest seq, and who wrote it.</summary>
    public async Task<(long Head, string Writer)> HeadAsync(string room)
    {
        var rows = await ReadAsync(
            $"SELECT r.name, m.seq, m.writer FROM chitchatz.messages m JOIN chitchatz.rooms r ON r.id = m.room AND r.epoch = m.epoch WHERE r.name = '{room}' ORDER BY m.seq DESC LIMIT 1");
        return rows.Count == 0 ? (0, "") : (rows[0].Seq, rows[0].Writer);
    }

    /// <summary>All rows, by room and place.</summary>
    public Task<List<WrittenRow>> RowsAsync() =>
        ReadAsync("SELECT r.name, m.seq, m.writer FROM chitchatz.messages m JOIN chitchatz.rooms r ON r.id = m.room ORDER BY r.name, m.epoch, m.seq");

    private async Task<List<WrittenRow>> ReadAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(store.ConnectionString + ";Pooling=false;Command Timeout=60");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync();
        List<WrittenRow> all = [];
        while (await rows.ReadAsync())
            all.Add(new WrittenRow(rows.GetString(0), rows.GetInt64(1), rows.IsDBNull(2) ? "" : rows.GetString(2)));
        return all;
    }
}
