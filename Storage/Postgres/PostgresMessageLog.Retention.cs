using Npgsql;

namespace ChitChatz.Storage.Postgres;

public sealed partial class PostgresMessageLog
{
    /// <summary>How long the rows of a forgotten life stay: longer than the longest statement that may still believe in it.</summary>
    internal TimeSpan SweepAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RoomSpan>> ReadSpansAsync(string? afterRoom, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<RoomSpan>>(
            async connection =>
            {
                await using var command = new NpgsqlCommand(PostgresQueries.Spans, connection);
                command.Parameters.Add(AppendArrays.Of(afterRoom ?? ""));
                command.Parameters.Add(AppendArrays.Of((long)limit));
                await using var rows = await command.ExecuteReaderAsync(cancellationToken);
                var spans = new List<RoomSpan>();
                while (await rows.ReadAsync(cancellationToken))
                    spans.Add(new RoomSpan(rows.GetString(0), rows.GetInt64(1), rows.IsDBNull(2) ? 0 : rows.GetInt64(2), rows.IsDBNull(3) ? 0 : rows.GetInt64(3)));
                return spans;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<int> TrimAsync(string room, long epoch, long below, long takenBefore, int limit, CancellationToken cancellationToken) =>
        ExecuteAsync(
            PostgresQueries.Trim,
            [AppendArrays.Of(room), AppendArrays.Of(epoch), AppendArrays.Of(below), AppendArrays.Of(takenBefore), AppendArrays.Of((long)limit)],
            cancellationToken);

    /// <inheritdoc/>
    public Task<long?> ForgetAsync(string room, long epoch, long head, CancellationToken cancellationToken) => ReadAsync<long?>(
        async connection =>
        {
            if (head == 0)
                return null;

            await using var command = new NpgsqlCommand(PostgresQueries.Forget, connection);
            command.Parameters.Add(AppendArrays.Of(room));
            command.Parameters.Add(AppendArrays.Of(epoch));
            command.Parameters.Add(AppendArrays.Of(head));
            command.Parameters.Add(AppendArrays.Of(_time.GetUtcNow().ToUnixTimeMilliseconds()));
            try
            {
                return (long?)await command.ExecuteScalarAsync(cancellationToken);
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                // An append, or another forget, was quicker.
                return null;
            }
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<int> SweepAsync(int limit, CancellationToken cancellationToken)
    {
        var swept = await ExecuteAsync(PostgresQueries.Sweep, [AppendArrays.Of((long)limit), AppendArrays.Of(SweepAfter)], cancellationToken);
        if (swept < limit)
            await ExecuteAsync(PostgresQueries.SweepNotes, [AppendArrays.Of(SweepAfter)], cancellationToken);
        return swept;
    }

    private Task<int> ExecuteAsync(string query, NpgsqlParameter[] parameters, CancellationToken cancellationToken) => ReadAsync(
        async connection =>
        {
            await using var command = new NpgsqlCommand(query, connection);
            command.Parameters.AddRange(parameters);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        },
        cancellationToken);
}
