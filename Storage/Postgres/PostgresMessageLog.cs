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
    private readonly NpgsqlDataSource _source;
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
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.ApplicationName ??= "ChitChatz";
        if (settings.MaxAutoPrepare == 0)
            settings.MaxAutoPrepare = 32;

        // A statement that waits for a lock or a disk for so long fails for sure, and its drafts may come again: better than to hold all others.
        settings.Options = $"{settings.Options} -c synchronous_commit=on -c lock_timeout=500 -c statement_timeout=5000".Trim();
        settings.CommandTimeout = 7;
        settings.Timeout = Math.Min(settings.Timeout, 5);
        _place = $"The database {settings.Database ?? settings.Username} on {settings.Host}";
        _source = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString).EnableArrays().Build();
        _time = time;
        _logger = loggers.CreateLogger<PostgresMessageLog>();
    }

    /// <summary>What is wrong with a connection string, for people; null when it can be read. Never repeats it: it may hold a password.</summary>
    public static string? Check(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            return string.IsNullOrEmpty(settings.Host) ? "it names no Host" : null;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException)
        {
            return error.Message;
        }
    }

    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            if (await ShowAsync(connection, "fsync", cancellationToken) == "off")
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

        NpgsqlConnection? connection = null;
        try
        {
            connection = await _source.OpenConnectionAsync(cancellationToken);
            return await CommitAllAsync(connection, batches, cancellationToken);
        }
        catch (Exception error) when (PostgresErrors.IsStores(error))
        {
            throw PostgresErrors.Unavailable(_place, error, outcomeUnclear: connection is not null && PostgresErrors.MayHaveCommitted(error));
        }
        finally
        {
            if (connection is not null)
                await connection.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _source.DisposeAsync();

    /// <summary>A setting as this log's sessions have it.</summary>
    internal Task<string> ShowAsync(string setting, CancellationToken cancellationToken) =>
        ReadAsync(connection => ShowAsync(connection, setting, cancellationToken), cancellationToken);

    private static async Task<string> ShowAsync(NpgsqlConnection connection, string setting, CancellationToken cancellationToken)
    {
        await using var show = new NpgsqlCommand($"SHOW {setting}", connection);
        return (string)(await show.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<AppendResult[]> CommitAllAsync(NpgsqlConnection connection, IReadOnlyList<AppendBatch> batches, CancellationToken cancellationToken)
    {
        try
        {
            var results = new AppendResult[batches.Count];
            var unknown = await AppendAsync(connection, batches, results, cancellationToken);
            if (unknown.Count > 0)
                await AppendToNewAsync(connection, [.. unknown.Select(i => batches[i])], unknown, results, cancellationToken);
            return results;
        }
        catch (PostgresException error) when (PostgresErrors.IsOneRooms(error))
        {
            _logger.Conflict(batches.Count, error.SqlState);
        }

        return await CommitEachAsync(connection, batches, cancellationToken);
    }

    /// <summary>One statement for each room. What another room's statement did stands, whatever becomes of the rest.</summary>
    private async Task<AppendResult[]> CommitEachAsync(NpgsqlConnection connection, IReadOnlyList<AppendBatch> batches, CancellationToken cancellationToken)
    {
        var results = new AppendResult[batches.Count];
        for (var i = 0; i < results.Length; i++)
        {
            var batch = batches[i];
            try
            {
                var own = new AppendResult[1];
                var unknown = await AppendAsync(connection, [batch], own, cancellationToken);
                if (unknown.Count > 0)
                    await AppendToNewAsync(connection, [batch], unknown, own, cancellationToken);
                results[i] = own[0];
            }
            catch (PostgresException error) when (PostgresErrors.IsOneRooms(error))
            {
                results[i] = error switch
                {
                    { SqlState: not PostgresErrorCodes.UniqueViolation } => AppendResult.Failed,
                    { ConstraintName: "messages_by_id" } => await DuplicatesAsync(connection, batch, cancellationToken),
                    _ => AppendResult.Fenced,
                };
            }
        }

        return results;
    }

    /// <summary>Appends to rooms that are there; the places of those that are not are given back.</summary>
    private static async Task<List<int>> AppendAsync(
        NpgsqlConnection connection, IReadOnlyList<AppendBatch> batches, AppendResult[] results, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(PostgresQueries.Append, connection);
        AppendArrays.AddTo(command.Parameters, batches);
        var unknown = new List<int>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        for (var i = 0; await rows.ReadAsync(cancellationToken); i++)
        {
            var known = rows.GetBoolean(0);
            results[i] = rows.GetBoolean(1) ? AppendResult.Committed : AppendResult.Fenced;
            if (!known)
                unknown.Add(i);
        }

        return unknown;
    }

    /// <summary>Makes rooms, and appends to them. A room whose first append then fails is there with nothing in it, which is the same as not being there.</summary>
    private async Task AppendToNewAsync(
        NpgsqlConnection connection, AppendBatch[] batches, List<int> places, AppendResult[] results, CancellationToken cancellationToken)
    {
        var starting = batches.Zip(places).Where(pair => pair.First.Epoch == _baseEpoch && pair.First.Messages[0].Seq == 1).ToArray();
        if (starting.Length == 0)
            return;

        await using (var command = new NpgsqlCommand(PostgresQueries.AddRooms, connection))
        {
            command.Parameters.Add(AppendArrays.Of(Array.ConvertAll(starting, pair => pair.First.Room)));
            command.Parameters.Add(AppendArrays.Of(Array.ConvertAll(starting, pair => pair.First.RoomName)));
            command.Parameters.Add(AppendArrays.Of(_baseEpoch));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        var own = new AppendResult[starting.Length];
        await AppendAsync(connection, Array.ConvertAll(starting, pair => pair.First), own, cancellationToken);
        for (var i = 0; i < own.Length; i++)
            results[starting[i].Second] = own[i];
    }

    private static async Task<AppendResult> DuplicatesAsync(NpgsqlConnection connection, AppendBatch batch, CancellationToken cancellationToken)
    {
        MessageKey[] keys = [.. batch.Messages.Select(message => new MessageKey(message.Sub, message.Id))];
        var found = await FindAsync(connection, batch.Room, keys, cancellationToken);
        return new AppendResult(AppendStatus.Duplicates, [.. found.OfType<ChatMessage>()]);
    }
}
