namespace ChitChatz.Tests.Telemetry;

/// <summary>Tests that look at all spans of the process, or at its allocations: alone, since others make some too.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TelemetryCollection
{
    public const string Name = "Telemetry";
}
