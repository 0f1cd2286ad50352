using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChitChatz.Storage.Postgres;

/// <summary>
/// The log in a PostgreSQL database that all silos share. A commit is one statement for all its rooms; with <c>synchronous_commit = on</c>
/// it is answered when it is on the server's disk. Connections that break are replaced by the pool: a server that was away works again
/// without a restart.
/// </summary>
/// <remarks>By concern: this file commits, Reads reads, Retention deletes.</remarks>
public sealed partial class PostgresMessageLog : IMessageLog, ILogRetention
{
    private readonly PostgresConnections _connections;
    private readonly string _place;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _baseEpoch;

    /// <param name="connectionString">An Npgsql connection string.</param>
    /// <param name="time">Gives the base epoch of a new database.</param>
    /// <param name="loggers">For what an operator should know.</param>
    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public PostgresMessageLog(string connectionString, TimeProvider time, ILoggerFactory loggers)
    {
        _connections = new PostgresConnections(connectionString, PostgresSchema.Setting);
        _place = _connections.Place;
        _time = time;
        _logger = loggers.CreateLogger<PostgresMessageLog>();
    }

    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _connections.OpenReaderAsync(cancellationToken);
            if (await PostgresMigration.ShowAsync(connection, "fsync", cancellationToken) == "off")
                _logger.NotDurable(_place);

            _baseEpoch = await PostgresSchema.MigrateAsync(connection, _place, _time.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
        }
        catch (Exception error) when (PostgresErrors.IsStores(error))
        {
            throw PostgresErrors.Unavailable(_place, error, outcomeUnclear: false);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AppendResult>> CommitAsync(IReadOnlyList<AppendBatch> batches, CancellationToken cancellationToken)
    {
        AppendChecks.CheckAll(batches);
        if (batches.Count == 0)
            return [];

        PostgresCommit? commit = null;
        try
        {
            await using var connection = await _connections.OpenWriterAsync(cancellationToken);
            commit = new PostgresCommit(connection, batches, _baseEpoch, _logger);
            return await commit.RunAsync(cancellationToken);
        }
        catch (Exception error) when (PostgresErrors.IsStores(error))
        {
            throw PostgresErrors.Unavailable(_place, error, outcomeUnclear: commit is not null && (commit.StoredSome || PostgresErrors.MayHaveCommitted(error)));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _connections.DisposeAsync();

    /// <summary>A setting as this log's sessions have it.</summary>
    internal Task<string> ShowAsync(string setting, CancellationToken cancellationToken) =>
        ReadAsync(connection => PostgresMigration.ShowAsync(connection, setting, cancellationToken), cancellationToken);
}
