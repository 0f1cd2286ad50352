using ChitChatz.Chaos.Processes;

namespace ChitChatz.Benchmarks.Suite;

/// <summary>What all servers are started from: the repository, and one PostgreSQL, which each of them gets an empty database of.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private PrivatePostgres? _postgres;

    /// <summary>The repository's root.</summary>
    public string Root { get; } = Repository.Root;

    /// <summary>Where something of the repository lies.</summary>
    public string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The program of a C# project, as it was built.</summary>
    /// <param name="folder">The project's folder.</param>
    /// <param name="assembly">What it is called.</param>
    public string Built(string folder, string assembly) => PathOf(folder, "bin", "Release", "net10.0", $"{assembly}.dll");

    /// <summary>The connection string of an empty database. The first one starts the server.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        _postgres ??= await PrivatePostgres.StartNewAsync();
        return _postgres.ConnectionString(await _postgres.NewDatabaseAsync());
    }

    /// <summary>A program on the PATH; null if it is not there.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
            await _postgres.DisposeAsync();
    }
}
