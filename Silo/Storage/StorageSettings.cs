using ChitChatz.Hosting.Configuration;

namespace ChitChatz.Silo.Storage;

/// <summary>Where the message log is.</summary>
public sealed class StorageSettings : ISettings
{
    /// <inheritdoc />
    public static string Section => "Storage";

    /// <summary>A file in the data folder, which survives everything that the disk survives.</summary>
    public const string Sqlite = "Sqlite";

    /// <summary>In memory, for tests and trials: each start begins a new epoch with empty rooms.</summary>
    public const string Memory = "Memory";

    /// <summary>Sqlite or Memory. Default Sqlite: who does not choose gets the log that keeps its promise.</summary>
    public string Provider { get; set; } = Sqlite;

    /// <summary>True for <see cref="Memory"/>.</summary>
    public bool InMemory => string.Equals(Provider, Memory, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc />
    public IEnumerable<string> Failures()
    {
        if (!InMemory && !string.Equals(Provider, Sqlite, StringComparison.OrdinalIgnoreCase))
            yield return $"Storage:Provider must be {Sqlite} or {Memory}; it is '{Provider}'.";
    }
}
