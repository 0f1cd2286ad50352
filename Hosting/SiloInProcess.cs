namespace ChitChatz.Hosting;

/// <summary>Registered when this process has a silo of its own, whose cluster client then serves the gateway too.</summary>
public sealed record SiloInProcess;
