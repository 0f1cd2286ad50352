using System.Diagnostics;
using Npgsql;

namespace ChitChatz.Chaos.Processes;

/// <summary>
/// A PostgreSQL server of one's own, from the installed binaries: a fresh cluster in a folder, on a free port of loopback. Keeps its
/// promises as a production server does (fsync is on). As root it runs as the user postgres, since it refuses to run as root. Ends with this process.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly string _binaries;
    private readonly string _folder;
    private readonly bool _ownsFolder;
    private Process? _server;

    private PrivatePostgres(string binaries, string? folder)
    {
        _binaries = binaries;
        _ownsFolder = folder is null;
        _folder = folder ?? Directory.CreateTempSubdirectory("chitchatz-postgres-").FullName;
    }

    /// <summary>Why there can be none here; null when there can.</summary>
    public static string? Missing =>
        FindBinaries() is null ? "PostgreSQL is not installed (initdb was looked for in /usr/lib/postgresql/*/bin and on the PATH)." : null;

    /// <summary>Where it listens.</summary>
    public int Port { get; } = FreePorts.Take(1)[0];

    private string Data => Path.Combine(_folder, "data");

    /// <summary>A server that answers.</summary>
    /// <param name="folder">An empty folder to keep everything in; by default a temporary one, which is removed at the end.</param>
    /// <param name="settings">Further settings, <c>name=value</c>.</param>
    public static async Task<PrivatePostgres> StartNewAsync(string? folder = null, params string[] settings)
    {
        var server = new PrivatePostgres(FindBinaries() ?? throw new InvalidOperationException(Missing), folder);
        GiveAway(server._folder);
        await server.RunAsync("initdb", "-D", server.Data, "-U", "chitchatz", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8");
        await server.StartAsync(settings);
        return server;
    }

    /// <summary>The connection string of a database.</summary>
    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={Port};Username=chitchatz;Database={database};SSL Mode=Disable;Gss Encryption Mode=Disable";

    /// <summary>Makes an empty database.</summary>
    public async Task<string> NewDatabaseAsync(string form = "")
    {
        var name = $"d{Guid.NewGuid():N}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} {form}");
        return name;
    }

    /// <summary>Runs a statement.</summary>
    public Task<object?> ExecuteAsync(string database, string sql) => AskAsync(database, sql, CancellationToken.None);

    /// <summary>Starts it, with further settings (<c>name=value</c>), and waits until it takes connections.</summary>
    public async Task StartAsync(params string[] settings)
    {
        string[] all = ["listen_addresses=127.0.0.1", $"unix_socket_directories={_folder}", "max_connections=200", .. settings];
        _server?.Dispose();
        _server = Start("postgres", ["-D", Data, "-p", $"{Port}", .. all.SelectMany(static setting => new[] { "-c", setting })]);

        // It writes to nobody; a pipe that nobody reads would stop it in the end.
        _server.OutputDataReceived += static (_, _) => { };
        _server.ErrorDataReceived += static (_, _) => { };
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        await WhenReadyAsync(_server);
    }

    /// <summary>Puts a file into its data folder, readable by it alone.</summary>
    public void Put(string file, string text)
    {
        var path = Path.Combine(Data, file);
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
            await RunAsync("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");
            await server.WaitForExitAsync();
        }
    }

    /// <summary>SIGKILL to the server and to each of its processes.</summary>
    public async Task KillAsync()
    {
        if (_server is { HasExited: false } server)
        {
            var children = Signals.ChildrenOf(server.Id);
            server.Send(Signal.Kill);
            foreach (var child in children)
                Signals.Send(child, Signal.Kill);
            await server.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _server?.Dispose();
        if (_ownsFolder)
            Directory.Delete(_folder, recursive: true);
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
            using var chown = Process.Start("chown", ["postgres:postgres", path]);
            chown.WaitForExit();
        }
    }

    private Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(_binaries, program), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        start.Environment.Remove("PGDATA");
        return BoundProcess.Start(start, Environment.IsPrivilegedProcess ? "postgres" : null);
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output}{await error}");
    }

    private async Task<object?> AskAsync(string database, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false;Timeout=5");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private async Task WhenReadyAsync(Process server)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            try
            {
                await AskAsync("postgres", "SELECT 1", patience.Token);
                return;
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"PostgreSQL does not take connections within {s_patience}.");
            }
            catch (NpgsqlException) when (!server.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }
}
