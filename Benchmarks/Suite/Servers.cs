using System.Diagnostics;
using ChitChatz.Chaos.Processes;

namespace ChitChatz.Benchmarks.Suite;

/// <summary>The processes of one candidate while it has its turn. Their data lie in a temporary folder and go with them.</summary>
internal sealed class Servers(Bench bench) : IAsyncDisposable
{
    /// <summary>How the line of a program that is ready begins, ours and the peers that we wrote.</summary>
    public const string Ready = "Ready on ";

    private readonly List<ProcessHost> _processes = [];
    private readonly long _began = Stopwatch.GetTimestamp();

    public Bench Bench => bench;

    public string Folder { get; } = Directory.CreateTempSubdirectory("chitchatz-bench-").FullName;

    /// <summary>Where clients connect.</summary>
    public List<Uri> Urls { get; } = [];

    /// <summary>All processes whose CPU time counts.</summary>
    public List<int> Pids { get; } = [];

    /// <summary>Those of them that hold the clients' connections.</summary>
    public List<int> Gateways { get; } = [];

    /// <summary>What was started, with the repository and the folder left out.</summary>
    public List<string> Commands { get; } = [];

    /// <summary>From nothing to all of it ready.</summary>
    public TimeSpan StartTime { get; private set; }

    /// <summary>Starts a process and waits until it is ready.</summary>
    /// <param name="ready">What the line says by which it tells.</param>
    /// <param name="url">Where it takes clients; null if it does not.</param>
    /// <param name="command">The program and its arguments.</param>
    public async Task StartAsync(string ready, Uri? url, params string[] command)
    {
        var process = Start(command);
        await process.LineAsync(ready);
        Pids.Add(process.Id);
        if (url is not null)
        {
            Urls.Add(url);
            Gateways.Add(process.Id);
        }

        StartTime = Stopwatch.GetElapsedTime(_began);
    }

    /// <summary>Starts the deployment's own cluster, whose script tells the processes.</summary>
    public async Task StartClusterAsync(int port, int silos, int gateways)
    {
        // The script takes no settings, but hands on the environment.
        var script = Start(
            ["env", "Limits__RateLimits=false", bench.PathOf("deploy", "local-cluster"), "--no-build", "--port", $"{port}", "--silos", $"{silos}", "--gateways", $"{gateways}", "--folder", Folder]);
        await script.LineAsync("Logs in ");
        foreach (var fields in script.Output.Split('\n').Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (fields is not [var name, "process", var pid, ..] || name == "postgres")
                continue;

            Pids.Add(int.Parse(pid));
            if (name.StartsWith("gateway", StringComparison.Ordinal))
                Gateways.Add(int.Parse(pid));
        }

        Urls.AddRange(Enumerable.Range(port, gateways).Select(static one => new Uri($"ws://127.0.0.1:{one}")));
        StartTime = Stopwatch.GetElapsedTime(_began);
    }

    /// <summary>Ends all of them now, whoever is still talking to them.</summary>
    public void Interrupt() => _processes.ForEach(static process => process.Send(Signal.Terminate));

    public async ValueTask DisposeAsync()
    {
        // Gateways before silos, servers before their store. SIGTERM, since the cluster's script has processes of its own to stop.
        foreach (var process in _processes.AsEnumerable().Reverse())
        {
            try
            {
                await process.StopAsync();
            }
            catch (TimeoutException)
            {
                // It is killed.
            }

            await process.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private ProcessHost Start(string[] command)
    {
        Commands.Add(string.Join(' ', command.Select(Quoted)).Replace(bench.Root + "/", "", StringComparison.Ordinal).Replace(Folder, "FOLDER", StringComparison.Ordinal));
        var process = ProcessHost.StartProgram(command);
        _processes.Add(process);
        return process;
    }

    private static string Quoted(string argument) => argument.AsSpan().IndexOfAny(" ;") < 0 ? argument : $"\"{argument}\"";
}
