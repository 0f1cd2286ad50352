using Microsoft.Extensions.Configuration;

namespace ChitChatz.Hosting.Configuration;

/// <summary>How silos and gateways find each other.</summary>
public sealed class ClusterSettings : ISettings
{
    /// <inheritdoc />
    public static string Section => "Cluster";

    /// <summary>One silo, and gateways on the same machine.</summary>
    public const string Localhost = "Localhost";

    /// <summary>Many silos and gateways, which find each other in a table.</summary>
    public const string Postgres = "Postgres";

    /// <summary>Localhost: one silo, and gateways on the same machine. Postgres: as many of both as you start, on any machines. Default Localhost.</summary>
    public string Provider { get; set; } = Localhost;

    /// <summary>
    /// The database in which they find each other, for Postgres: for example <c>Host=db;Database=chitchatz;Username=chitchatz;Password=…</c>.
    /// Usually that of the log too. Default: none.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>Processes with another id do not join or call each other: 1 to 150 characters. Default chitchatz.</summary>
    public string ClusterId { get; set; } = "chitchatz";

    /// <summary>Names the service in the names of what it stores, and so stays the same when the cluster changes: 1 to 150 characters. Default chitchatz.</summary>
    public string ServiceId { get; set; } = "chitchatz";

    /// <summary>
    /// How silos know where a grain is. Distributed: silos hand over what they know when one comes or goes, so that a restart of one leaves
    /// the others' rooms alone. Local: Orleans' default, which deactivates rooms whose entry was lost with a silo. Default Distributed.
    /// </summary>
    public GrainDirectoryKind GrainDirectory { get; set; } = GrainDirectoryKind.Distributed;

    /// <summary>How soon processes give each other up.</summary>
    public ClusterTimings Timings { get; } = new();

    /// <summary>What the configuration says before it is bound and checked: which services a process is composed of depends on it.</summary>
    public static bool IsPostgres(IConfiguration configuration) =>
        string.Equals(configuration[$"{Section}:{nameof(Provider)}"], Postgres, StringComparison.OrdinalIgnoreCase);

    /// <summary>True for <see cref="Postgres"/>.</summary>
    public bool InPostgres => string.Equals(Provider, Postgres, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc />
    public IEnumerable<string> Failures()
    {
        if (!InPostgres && !string.Equals(Provider, Localhost, StringComparison.OrdinalIgnoreCase))
            yield return $"Cluster:Provider must be {Localhost} or {Postgres}; it is '{Provider}'.";
        if (InPostgres && string.IsNullOrWhiteSpace(ConnectionString))
            yield return "Cluster:ConnectionString is needed for Cluster:Provider=Postgres, for example 'Host=db;Database=chitchatz;Username=chitchatz;Password=secret'.";
        else if (InPostgres && PostgresConnectionString.Check(ConnectionString!) is { } problem)
            yield return $"Cluster:ConnectionString cannot be read: {problem}";
        if (!InPostgres && !string.IsNullOrWhiteSpace(ConnectionString))
            yield return $"Cluster:ConnectionString is only for Cluster:Provider=Postgres; the provider is '{Provider}'.";
        if (ClusterId.Length is 0 or > 150)
            yield return $"Cluster:ClusterId must have 1 to 150 characters; it has {ClusterId.Length}.";
        if (ServiceId.Length is 0 or > 150)
            yield return $"Cluster:ServiceId must have 1 to 150 characters; it has {ServiceId.Length}.";
        foreach (var failure in Timings.Failures())
            yield return failure;
    }
}
