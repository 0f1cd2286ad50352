using Npgsql;

namespace ChitChatz.Storage.Postgres;

/// <summary>
/// The two pools of connections to one database. Commits have one of their own: a storm of reads, as after the loss of a silo, must not keep
/// them waiting for a connection.
/// </summary>
internal sealed class PostgresConnections : IAsyncDisposable
{
    /// <summary>Enough for a storm of reads. With the two that commit and the four of the cluster's tables, six silos fit into the 100 connections that a server has by default.</summary>
    private const int DefaultReaders = 8;

    private readonly NpgsqlDataSource _readers;
    private readonly NpgsqlDataSource _writer;

    /// <param name="connectionString">An Npgsql connection string.</param>
    /// <param name="setting">The setting that it comes from, for people.</param>
    public PostgresConnections(string connectionString, string setting)
    {
        var settings = Read(connectionString);
        Place = $"The database {settings.Database ?? settings.Username} on {settings.Host} ({setting})";
        _readers = Build(settings);

        // One writes; the second is for the moment in which a broken one is replaced.
        settings.MinPoolSize = Math.Min(settings.MinPoolSize, 1);
        settings.MaxPoolSize = 2;
        _writer = Build(settings);
    }

    /// <summary>The database, its host and the setting that names them, for people; to begin a sentence with.</summary>
    public string Place { get; }

    public ValueTask<NpgsqlConnection> OpenReaderAsync(CancellationToken cancellationToken) => _readers.OpenConnectionAsync(cancellationToken);

    public ValueTask<NpgsqlConnection> OpenWriterAsync(CancellationToken cancellationToken) => _writer.OpenConnectionAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _readers.DisposeAsync();
        await _writer.DisposeAsync();
    }

    private static NpgsqlConnectionStringBuilder Read(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.ApplicationName ??= "ChitChatz";
        if (settings.MaxAutoPrepare == 0)
            settings.MaxAutoPrepare = 32;
        if (!settings.ShouldSerialize("Maximum Pool Size"))
            settings.MaxPoolSize = Math.Max(DefaultReaders, settings.MinPoolSize);

        // A statement that waits for a lock or a disk for so long fails for sure, and its drafts may come again: better than to hold all others.
        // Isolation is what the statements are written for: each sees what is committed when it begins, and none fails for the sake of another's reads.
        settings.Options =
            $@"{settings.Options} -c synchronous_commit=on -c lock_timeout=500 -c statement_timeout=5000 -c default_transaction_isolation=read\ committed".Trim();
        settings.CommandTimeout = 7;
        settings.Timeout = settings.Timeout is > 0 and < 5 ? settings.Timeout : 5;
        return settings;
    }

    // The slim builder leaves out what reflects on types; it also leaves out TLS, which whoever reaches a database over a network needs.
    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder settings) =>
        new NpgsqlSlimDataSourceBuilder(settings.ConnectionString).EnableTransportSecurity().EnableArrays().Build();
}
