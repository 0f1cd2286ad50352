using ChitChatz.Hosting.Configuration;

namespace ChitChatz.Silo.Storage;

/// <summary>Where the message log is.</summary>
public sealed class StorageSettings : ISettings
{
    /// <inheritdoc />
    public static string Section => "Storage";

    /// <summary>A file in the data folder, which survives everything that the disk survives.</summary>
    public const string Sqlite = "Sqlite";

    /// <summary>A PostgreSQL database, which several silos may share.</summary>
    public const string Postgres = "Postgres";

    /// <summary>In memory, for tests and trials: each start begins a new epoch with empty rooms.</summary>
    public const string Memory = "Memory";

    /// <summary>Sqlite, Postgres or Memory. Default Sqlite: who does not choose gets the log that keeps its promise.</summary>
    public string Provider { get; set; } = Sqlite;

    /// <summary>
    /// How to reach the database, for Postgres: for example <c>Host=db;Database=chitchatz;Username=chitchatz;Password=…</c>. The tables are
    /// made at the first start, in a schema <c>chitchatz</c>. Default: none.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>True for <see cref="Memory"/>.</summary>
    public bool InMemory => Is(Memory);

    /// <summary>True for <see cref="Postgres"/>.</summary>
    public bool InPostgres => Is(Postgres);

    /// <inheritdoc />
    public IEnumerable<string> Failures()
    {
        if (!InMemory && !InPostgres && !Is(Sqlite))
            yield return $"Storage:Provider must be {Sqlite}, {Postgres} or {Memory}; it is '{Provider}'.";
        if (InPostgres && string.IsNullOrWhiteSpace(ConnectionString))
            yield return "Storage:ConnectionString is needed for Storage:Provider=Postgres, for example 'Host=localhost;Database=chitchatz;Username=chitchatz;Password=secret'.";
        else if (InPostgres && PostgresConnectionString.Check(ConnectionString!) is { } problem)
            yield return $"Storage:ConnectionString cannot be read: {problem}";
        if (!InPostgres && !string.IsNullOrWhiteSpace(ConnectionString))
            yield return $"Storage:ConnectionString is only for Storage:Provider=Postgres; the provider is '{Provider}'.";
    }

    private bool Is(string provider) => string.Equals(Provider, provider, StringComparison.OrdinalIgnoreCase);
}
