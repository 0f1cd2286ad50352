using Npgsql;

namespace ChitChatz.Hosting.Configuration;

/// <summary>How Orleans' ADO.NET packages reach the cluster's database.</summary>
public static class ClusterConnection
{
    /// <summary>Under which name those packages know Npgsql.</summary>
    public const string Invariant = "Npgsql";

    /// <summary>The connection string with the search path to the tables, and without patience: a silo that asks for minutes may be dead meanwhile.</summary>
    /// <exception cref="InvalidOperationException">The settings name no database.</exception>
    public static string For(ClusterSettings cluster)
    {
        var settings = new NpgsqlConnectionStringBuilder(cluster.ConnectionString ?? throw new InvalidOperationException("Cluster:ConnectionString is not set."))
        {
            SearchPath = "chitchatz",
            CommandTimeout = 5,
        };
        settings.ApplicationName ??= "ChitChatz cluster";
        settings.Timeout = settings.Timeout is > 0 and < 5 ? settings.Timeout : 5;
        if (!settings.ShouldSerialize("Maximum Pool Size"))
            settings.MaxPoolSize = Math.Max(4, settings.MinPoolSize);
        return settings.ConnectionString;
    }

    /// <summary>What the database says, or what keeps it from answering, for people; null when an error is not a database's.</summary>
    public static string? Failure(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            switch (error)
            {
                case PostgresException { SqlState: PostgresErrorCodes.UndefinedTable }:
                    return "no silo has made the cluster's tables there yet";
                case PostgresException reported:
                    return $"{reported.MessageText} ({reported.SqlState})";
                case NpgsqlException { InnerException: TimeoutException }:
                    return "it does not answer in time";
                case NpgsqlException:
                    return (error.InnerException ?? error).Message.TrimEnd('.');
            }
        }

        return null;
    }

    /// <summary>The database and its host, for people.</summary>
    public static string Place(ClusterSettings cluster)
    {
        var settings = new NpgsqlConnectionStringBuilder(cluster.ConnectionString);
        return $"the database {settings.Database ?? settings.Username} on {settings.Host}";
    }
}
