using ChitChatz.Chaos.Faults;

namespace ChitChatz.Chaos.Cluster;

/// <summary>What a cluster is made of.</summary>
/// <param name="Silos">How many silos; 0 for one Standalone with SQLite.</param>
/// <param name="Gateways">How many gateways.</param>
public sealed record ClusterShape(int Silos, int Gateways)
{
    /// <summary>3 silos, 2 gateways and PostgreSQL, each its own process.</summary>
    public static ClusterShape Usual { get; } = new(3, 2);

    /// <summary>One Standalone with its SQLite file.</summary>
    public static ClusterShape Standalone { get; } = new(0, 1);

    /// <summary>Settings of PostgreSQL, <c>name=value</c>.</summary>
    public string[] StoreSettings { get; init; } = [];

    /// <summary>Further arguments of every silo and gateway.</summary>
    public string[] Args { get; init; } = [];

    /// <summary>Where the silos live, apart from each other; by default on the machine itself.</summary>
    public SiloNetwork? Network { get; init; }

    /// <summary>The folder of the store, or of Standalone's data; by default a temporary one.</summary>
    public string? Folder { get; init; }
}
