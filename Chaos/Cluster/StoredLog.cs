using System.Data.Common;
using System.Text;
using ChitChatz.Chaos.Checking;
using ChitChatz.Chaos.Clients;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ChitChatz.Chaos.Cluster;

/// <summary>The final log, read from the tables of the store and not by the server's own code.</summary>
internal static class StoredLog
{
    private const string Query =
        "SELECT r.name, m.epoch, m.seq, m.sub, m.id, m.text FROM {0}messages m JOIN {0}rooms r ON r.id = m.room ORDER BY r.name, m.epoch, m.seq";

    /// <summary>All rows of a cluster's log.</summary>
    public static async Task<List<HistoryEvent>> ReadAsync(ChatCluster cluster, History history)
    {
        if (cluster.Store is { } store)
        {
            await using var postgres = new NpgsqlConnection(store.ConnectionString + ";Pooling=false;Command Timeout=300");
            return await ReadAsync(postgres, "chitchatz.", history);
        }

        await using var sqlite = new SqliteConnection($"Data Source={Path.Combine(cluster.DataFolder, "chitchatz.db")};Mode=ReadOnly;Pooling=false");
        return await ReadAsync(sqlite, "", history);
    }

    private static async Task<List<HistoryEvent>> ReadAsync(DbConnection connection, string schema, History history)
    {
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = Query.Replace("{0}", schema, StringComparison.Ordinal);
        await using var rows = await command.ExecuteReaderAsync();
        List<HistoryEvent> log = [];
        while (await rows.ReadAsync())
        {
            log.Add(new HistoryEvent(EventKind.Stored, history.Now)
            {
                Room = rows.GetString(0),
                Epoch = rows.GetInt64(1),
                Seq = rows.GetInt64(2),
                User = rows.GetString(3),
                Id = rows.GetString(4),
                Hash = RecordingConnection.HashOf(rows.GetValue(5) is byte[] bytes ? Encoding.UTF8.GetString(bytes) : rows.GetString(5)),
            });
        }

        return log;
    }
}
