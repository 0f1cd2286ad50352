namespace ChitChatz.Hosting.Configuration;

/// <summary>How silos and gateways find each other.</summary>
public sealed class ClusterSettings : ISettings
{
    /// <inheritdoc />
    public static string Section => "Cluster";

    /// <summary>The one provider there is.</summary>
    public const string Localhost = "Localhost";

    /// <summary>Localhost: one silo, and gateways on the same machine. Default Localhost.</summary>
    public string Provider { get; set; } = Localhost;

    /// <summary>Processes with another id do not join or call each other: 1 to 150 characters. Default chitchatz.</summary>
    public string ClusterId { get; set; } = "chitchatz";

    /// <summary>Names the service in the names of what it stores, and so stays the same when the cluster changes: 1 to 150 characters. Default chitchatz.</summary>
    public string ServiceId { get; set; } = "chitchatz";

    /// <summary>How soon processes give each other up.</summary>
    public ClusterTimings Timings { get; } = new();

    /// <inheritdoc />
    public IEnumerable<string> Failures()
    {
        if (!string.Equals(Provider, Localhost, StringComparison.OrdinalIgnoreCase))
            yield return $"Cluster:Provider must be {Localhost}; it is '{Provider}'.";
        if (ClusterId.Length is 0 or > 150)
            yield return $"Cluster:ClusterId must have 1 to 150 characters; it has {ClusterId.Length}.";
        if (ServiceId.Length is 0 or > 150)
            yield return $"Cluster:ServiceId must have 1 to 150 characters; it has {ServiceId.Length}.";
        foreach (var failure in Timings.Failures())
            yield return failure;
    }
}
