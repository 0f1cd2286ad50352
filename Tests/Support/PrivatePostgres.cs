using System.Diagnostics;
using ChitChatz.Tests.Processes;
using ChitChatz.Tests.Storage;
using ChitChatz.Tests.Support;
using Npgsql;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace ChitChatz.Tests.Support;

/// <summary>
/// A PostgreSQL server of the test's own, from the installed binaries: a fresh cluster in a temporary folder, on a free port of loopback.
/// Keeps its promises as a production server does (fsync is on). As root it runs as the user postgres, since it refuses to run as root.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _binaries;
    private Process? _server;

    private PrivatePostgres(string binaries) => _binaries = binaries;

    /// <summary>Where it listens.</summary>
    public int Port { get; } = FreePorts.Take(1)[0];

    private string Data => _folder.File("data");

    /// <summary>A server that answers; the test is skipped where none is installed, but never in CI.</summary>
    public static async Task<PrivatePostgres> StartNewAsync()
    {
        string? binaries = FindBinaries();
        if (binaries is null)
        {
            if (Environment.GetEnvironmentVariable("CI") == "true")
            {
                Assert.Fail("PostgreSQL is not installed; CI installs it.");
            }

            Assert.Skip("PostgreSQL is not installed (initdb was looked for in /usr/lib/postgresql/*/bin and on the PATH).");
        }

        PrivatePostgres server = new(binaries!);
        GiveAway(server._folder.Path);
        await RunAsync(server.Command("initdb", "-D", server.Data, "-U", "chitchatz", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"));
        await server.StartAsync();
        return server;
    }

    /// <summary>The connection string of a database.</summary>
    public string ConnectionString(string database)
        => $"Host=127.0.0.1;Port={Port};Username=chitchatz;Database={database};SSL Mode=Disable;Gss Encryption Mode=Disable";

    /// <summary>Makes an empty database.</summary>
    public async Task<string> NewDatabaseAsync(string form = "")
    {
        string name = $"d{Guid.NewGuid():N}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} {form}");
        return name;
    }

    /// <summary>Runs a statement.</summary>
    public async Task<object?> ExecuteAsync(string database, string sql)
    {
        await using NpgsqlConnection connection = new(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Starts it, with further settings (<c>name=value</c>), and waits until it takes connections.</summary>
    public async Task StartAsync(params string[] settings)
    {
        string[] all = ["listen_addresses=127.0.0.1", $"unix_socket_directories={_folder.Path}", "max_connections=200", .. settings];
        _server?.Dispose();
        _server = Process.Start(Command("postgres", ["-D", Data, "-p", $"{Port}", .. all.SelectMany(static setting => new[] { "-c", setting })]))!;
        await Deadline.Within(WhenReadyAsync(), "a PostgreSQL server that takes connections");
    }

    /// <summary>Puts a file into its data folder, readable by it alone.</summary>
    public void Put(string file, string text)
    {
        string path = Path.Combine(Data, file);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        GiveAway(path);
    }

    /// <summary>Ends it without a word to anybody: what was committed is recovered at the next start.</summary>
    public async Task CrashAsync()
    {
        if (_server is { HasExited: false } server)
        {
            await RunAsync(Command("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop"));
            await server.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CrashAsync();
        _server?.Dispose();
        _folder.Dispose();
    }

    private static string? FindBinaries()
    {
        IEnumerable<string> folders = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(static version => Path.Combine(version, "bin"))
            : [];
        return folders.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(static folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    private static void GiveAway(string path)
    {
        if (Environment.IsPrivilegedProcess)
        {
            using Process chown = Process.Start("chown", ["postgres:postgres", path]);
            chown.WaitForExit();
        }
    }

    private ProcessStartInfo Command(string program, params string[] arguments)
    {
        string path = Path.Combine(_binaries, program);
        ProcessStartInfo start = Environment.IsPrivilegedProcess
            ? new("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments])
            : new(path, arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError, start.WorkingDirectory) = (true, true, _folder.Path);
        start.Environment.Remove("PGDATA");
        return start;
    }

    private static async Task RunAsync(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}: {await output}{await error}");
    }

    private async Task WhenReadyAsync()
    {
        // It writes to nobody; a pipe that nobody reads would stop it in the end.
        _server!.OutputDataReceived += static (_, _) => { };
        _server.ErrorDataReceived += static (_, _) => { };
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        while (true)
        {
            try
            {
                await ExecuteAsync("postgres", "SELECT 1");
                return;
            }
            catch (NpgsqlException) when (!_server.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }
}

/// <summary>One server for all tests that do not crash it; each takes a database of its own.</summary>
public sealed class SharedPostgres : IAsyncLifetime
{
    private readonly Lazy<Task<PrivatePostgres>> _server = new(PrivatePostgres.StartNewAsync);

    /// <summary>The server.</summary>
    public Task<PrivatePostgres> Server => _server.Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
