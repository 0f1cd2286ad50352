namespace ChitChatz.Hosting.Configuration;

/// <summary>How silos know where a grain is: <see cref="ClusterSettings.GrainDirectory"/>.</summary>
public enum GrainDirectoryKind
{
    /// <summary>Orleans' DistributedGrainDirectory: ranges that are handed over when silos come and go.</summary>
    Distributed,

    /// <summary>Orleans' LocalGrainDirectory: a hash table over the silos.</summary>
    Local,
}
