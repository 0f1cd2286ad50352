using Npgsql;

namespace ChitChatz.Storage.Postgres.Cluster;

/// <summary>The database in which a cluster's silos and gateways find each other.</summary>
public static class ClusterDatabase
{
    private const string Setting = "Cluster:ConnectionString";

    /// <summary>Makes the tables, or brings them up to this version; ten processes may do so at once.</summary>
    /// <param name="connectionString">An Npgsql connection string.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LogUnavailableException">The database cannot be reached or used; the message is for people.</exception>
    public static async Task PrepareAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connections = new PostgresConnections(connectionString, Setting);
        try
        {
            await using var connection = await connections.OpenReaderAsync(cancellationToken);
            await new PostgresMigration("cluster_version", Setting, ClusterTables.Steps).RunAsync(connection, connections.Place, cancellationToken);
        }
        catch (Exception error) when (PostgresErrors.IsStores(error))
        {
            throw PostgresErrors.Unavailable(connections.Place, error, outcomeUnclear: false);
        }
    }
}
