namespace ChitChatz.Tests.Processes;

/// <summary>The ports and the data folder of one service under test; starts its processes, ends them and removes the folder.</summary>
public sealed class Deployment : IAsyncDisposable
{
    private readonly List<ProcessHost> _processes = [];
    private readonly int[] _ports = FreePorts.Take(3);

    /// <summary>Where the service keeps its files.</summary>
    public string DataFolder { get; } = Path.Combine(Directory.CreateTempSubdirectory("chitchatz-test-").FullName, "data");

    /// <summary>Where the gateway listens.</summary>
    public Uri Address => new($"http://127.0.0.1:{_ports[0]}");

    /// <summary>Where its clients connect.</summary>
    public Uri WebSocket => new UriBuilder(Address) { Scheme = "ws" }.Uri;

    /// <summary>The silo's own port.</summary>
    public int SiloPort => _ports[1];

    /// <summary>The port on which the silo takes gateways.</summary>
    public int GatewayPort => _ports[2];

    /// <summary>The command line that every process of this service has.</summary>
    public string[] CommonArgs => [$"--Data:Folder={DataFolder}", $"--Silo:Port={SiloPort}", $"--Silo:GatewayPort={GatewayPort}"];

    /// <summary>Starts a process of this service, with its ports and folder and what else is given; a setting given twice counts the second time.</summary>
    public ProcessHost Start(string name, params string[] args) => Start(name, new Dictionary<string, string>(), args);

    /// <summary>Starts one with variables of the environment.</summary>
    public ProcessHost Start(string name, IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        string[] urls = name == "Silo" ? [] : ["--urls", Address.ToString()];
        var process = ProcessHost.Start(name, [.. CommonArgs, .. urls, .. args], environment);
        _processes.Add(process);
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(DataFolder)!, recursive: true);
    }
}
