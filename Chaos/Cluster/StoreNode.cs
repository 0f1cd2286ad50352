using ChitChatz.Chaos.Processes;

namespace ChitChatz.Chaos.Cluster;

/// <summary>The cluster's PostgreSQL.</summary>
public sealed class StoreNode : IPart, IAsyncDisposable
{
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
    public static async Task<StoreNode> StartNewAsync(string? folder, params string[] settings)
    {
        var server = await PrivatePostgres.StartNewAsync(folder, settings);
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
    public Task StartAsync() => _starting = _server.StartAsync(_settings);

    /// <inheritdoc/>
    public Task WhenReadyAsync(CancellationToken cancellationToken) => _starting;

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
