using ChitChatz.Grains.Abstractions;
using Npgsql;

namespace ChitChatz.Storage.Postgres;

public sealed partial class PostgresMessageLog
{
    /// <inheritdoc/>
    public Task ProbeAsync(CancellationToken cancellationToken) => ExecuteAsync(
        "INSERT INTO chitchatz.meta AS m (key, value) VALUES ('probe', 1) ON CONFLICT (key) DO UPDATE SET value = m.value + 1", [], cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RoomHead>> ReadHeadsAsync(IReadOnlyList<string> rooms, CancellationToken cancellationToken) => ReadAsync<IReadOnlyList<RoomHead>>(
        async connection =>
        {
            await using var command = new NpgsqlCommand(PostgresQueries.Heads, connection);
            command.Parameters.Add(AppendArrays.Of(rooms as string[] ?? [.. rooms]));
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            var heads = new List<RoomHead>(rooms.Count);
            while (await rows.ReadAsync(cancellationToken))
                heads.Add(rows.IsDBNull(0) ? new RoomHead(_baseEpoch, 0, null) : new RoomHead(rows.GetInt64(0), rows.GetInt64(1), rows.GetString(2)));
            return heads;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ChatMessage>> ReadAfterAsync(string room, long epoch, long after, int limit, int maxBytes, CancellationToken cancellationToken) =>
        PageAsync(PostgresQueries.After, room, epoch, after, limit, maxBytes, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ChatMessage>> ReadBeforeAsync(
        string room, long epoch, long before, int limit, int maxBytes, CancellationToken cancellationToken)
    {
        var page = await PageAsync(PostgresQueries.Before, room, epoch, before, limit, maxBytes, cancellationToken);
        return [.. page.Reverse()];
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ChatMessage?>> FindAsync(string room, IReadOnlyList<MessageKey> keys, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<ChatMessage?>>(async connection => await FindAsync(connection, room, keys, cancellationToken), cancellationToken);

    internal static async Task<ChatMessage?[]> FindAsync(
        NpgsqlConnection connection, string room, IReadOnlyList<MessageKey> keys, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(PostgresQueries.Find, connection);
        command.Parameters.Add(AppendArrays.Of(room));
        command.Parameters.Add(AppendArrays.Of(keys.Select(key => key.Sub).ToArray()));
        command.Parameters.Add(AppendArrays.Of(keys.Select(key => key.Id).ToArray()));
        var found = new ChatMessage?[keys.Count];
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            found[rows.GetInt64(0) - 1] = Message(rows, 1);
        return found;
    }

    private Task<IReadOnlyList<ChatMessage>> PageAsync(
        string query, string room, long epoch, long from, int limit, int maxBytes, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<ChatMessage>>(
            async connection =>
            {
                await using var command = new NpgsqlCommand(query, connection);
                command.Parameters.Add(AppendArrays.Of(room));
                command.Parameters.Add(AppendArrays.Of(epoch));
                command.Parameters.Add(AppendArrays.Of(from));
                command.Parameters.Add(AppendArrays.Of((long)Math.Max(0, limit)));
                var page = new PageBuilder(limit, maxBytes);
                await using var rows = await command.ExecuteReaderAsync(cancellationToken);
                while (await rows.ReadAsync(cancellationToken) && page.TryAdd(Message(rows, 0)))
                    continue;
                return page.Messages;
            },
            cancellationToken);

    private static ChatMessage Message(NpgsqlDataReader row, int first) => new(
        row.GetInt64(first), row.GetString(first + 1), row.GetString(first + 2), row.GetString(first + 3),
        row.GetFieldValue<byte[]>(first + 4), row.GetInt64(first + 5));

    /// <summary>Runs what stores nothing, or what may be repeated.</summary>
    private async Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _connections.OpenReaderAsync(cancellationToken);
            return await read(connection);
        }
        catch (Exception error) when (PostgresErrors.IsStores(error))
        {
            throw PostgresErrors.Unavailable(_place, error, outcomeUnclear: false);
        }
    }
}
