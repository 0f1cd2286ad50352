using ChitChatz.Chaos.Processes;
using Npgsql;

namespace ChitChatz.Chaos.Cluster;

/// <summary>The cluster's PostgreSQL.</summary>
public sealed class StoreNode : IPart, IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly PrivatePostgres _server;
    private readonly string[] _settings;
    private Task _starting = Task.CompletedTask;

    private StoreNode(PrivatePostgres server, string database, string[] settings) => (_server, Database, _settings) = (server, database, settings);

    /// <inheritdoc/>
    public string Name => "store";

    /// <summary>The database.</summary>
    public string Database { get; }

    /// <summary>How to reach the database.</summary>
    public string ConnectionString => _server.ConnectionString(Database);

    /// <summary>A new server with an empty database.</summary>
    /// <param name="folder">Where it keeps everything; null for a temporary folder.</param>
    /// <param name="log">Where its output goes.</param>
    /// <param name="settings">Its settings, <c>name=value</c>.</param>
    public static async Task<StoreNode> StartNewAsync(string? folder, TextWriter log, params string[] settings)
    {
        var server = await PrivatePostgres.StartNewAsync(folder, settings);
        server.OnLine = log.WriteLine;
        return new StoreNode(server, await server.NewDatabaseAsync(), settings);
    }

    /// <summary>Runs a statement.</summary>
    public Task<object?> ExecuteAsync(string sql) => _server.ExecuteAsync(Database, sql);

    /// <inheritdoc/>
    public async Task KillAsync()
    {
        await _starting;
        await _server.KillAsync();
    }

    /// <inheritdoc/>
    public Task StartAsync() => _starting = SuperviseAsync();

    /// <inheritdoc/>
    public Task WhenReadyAsync(CancellationToken cancellationToken) => _starting;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    // It refuses to start while a process of the one before, which was killed, has not ended yet.
    private async Task SuperviseAsync()
    {
        while (true)
        {
            try
            {
                await _server.StartAsync(_settings);
                return;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(s_pause);
            }
        }
    }
}
