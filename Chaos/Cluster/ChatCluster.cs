using System.Globalization;
using System.Security.Cryptography;
using ChitChatz.Chaos.Processes;

namespace ChitChatz.Chaos.Cluster;

/// <summary>Silos, gateways and their store on this machine, each its own process, with their ports, folders and logs.</summary>
public sealed class ChatCluster : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("chitchatz-chaos-").FullName;
    private readonly string _id = $"chaos-{Guid.NewGuid():N}";
    private readonly string _secret = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
    private readonly ClusterShape _shape;
    private readonly string _published;
    private readonly string _logs;

    private ChatCluster(ClusterShape shape, StoreNode? store, string published, string logs)
    {
        (_shape, Store, _published, _logs) = (shape, store, published, logs);
        Directory.CreateDirectory(logs);
        int[] ports = FreePorts.Take(shape.Gateways);
        Addresses = [.. ports.Select(static port => new Uri($"ws://127.0.0.1:{port}"))];
        Silos = [.. Enumerable.Range(1, shape.Silos).Select(NewSilo)];
        Gateways = shape.Silos == 0 ? [NewStandalone(ports[0])] : [.. ports.Select(NewGateway)];
    }

    /// <summary>The silos; none in Standalone.</summary>
    public IReadOnlyList<ClusterNode> Silos { get; }

    /// <summary>The gateways; in Standalone that process.</summary>
    public IReadOnlyList<ClusterNode> Gateways { get; }

    /// <summary>PostgreSQL; null for Standalone.</summary>
    public StoreNode? Store { get; }

    /// <summary>Where clients connect, a gateway each.</summary>
    public IReadOnlyList<Uri> Addresses { get; }

    /// <summary>Silos and gateways.</summary>
    public IEnumerable<ClusterNode> Nodes => Silos.Concat(Gateways);

    /// <summary>Everything.</summary>
    public IEnumerable<IPart> Parts => Store is null ? Nodes : Nodes.Prepend<IPart>(Store);

    /// <summary>The folder of Standalone's files.</summary>
    public string DataFolder => _shape.Folder ?? Path.Combine(_folder, "data");

    /// <summary>Starts one, and waits until all of it is ready.</summary>
    /// <param name="shape">What it is made of.</param>
    /// <param name="published">Where the binaries lie.</param>
    /// <param name="logs">The folder for what the processes write.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ChatCluster> StartNewAsync(ClusterShape shape, string published, string logs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var store = shape.Silos == 0 ? null : await StoreNode.StartNewAsync(shape.Folder, shape.StoreSettings);
        var cluster = new ChatCluster(shape, store, published, logs);
        try
        {
            foreach (var node in cluster.Nodes)
                await node.StartAsync();
            await cluster.WhenReadyAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends when every part is ready.</summary>
    /// <exception cref="TimeoutException">One is not.</exception>
    public async Task WhenReadyAsync(CancellationToken cancellationToken)
    {
        foreach (var part in Parts)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(s_patience);
            try
            {
                await part.WhenReadyAsync(patience.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"{part.Name} is not ready after {s_patience.TotalSeconds} s; see {_logs}.");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            await node.DisposeAsync();
        if (Store is not null)
            await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private ClusterNode NewSilo(int number)
    {
        int[] ports = FreePorts.Take(3);
        var name = $"silo-{number}";
        return New(name, "Silo", ports[2], incarnation =>
        [
            .. Membership(name, incarnation),
            "--Storage:Provider=Postgres", $"--Storage:ConnectionString={ConnectionString(name, incarnation)}",
            "--Silo:Address=127.0.0.1", $"--Silo:Port={ports[0]}", $"--Silo:GatewayPort={ports[1]}", $"--Data:Folder={Path.Combine(_folder, name)}",
        ]);
    }

    private ClusterNode NewGateway(int port, int index)
    {
        int[] ports = FreePorts.Take(1);
        var name = $"gateway-{index + 1}";
        return New(name, "Gateway", ports[0], incarnation =>
            [.. Membership(name, incarnation), .. Listening(port), $"--Data:Folder={Path.Combine(_folder, name)}"]);
    }

    private ClusterNode NewStandalone(int port)
    {
        int[] ports = FreePorts.Take(3);
        return New("standalone", "Standalone", ports[2], _ =>
            [.. Listening(port), $"--Silo:Port={ports[0]}", $"--Silo:GatewayPort={ports[1]}", $"--Data:Folder={DataFolder}"]);
    }

    private IEnumerable<string> Membership(string name, int incarnation) =>
        ["--Cluster:Provider=Postgres", $"--Cluster:ConnectionString={ConnectionString(name, incarnation)}", $"--Cluster:ClusterId={_id}"];

    private IEnumerable<string> Listening(int port) => ["--urls", $"http://127.0.0.1:{port}", $"--Jwt:Secret={_secret}", "--Limits:RateLimits=false"];

    // The store writes down who wrote each row by this name; see Writers.
    private string ConnectionString(string name, int incarnation) =>
        string.Create(CultureInfo.InvariantCulture, $"{Store!.ConnectionString};Application Name={name}/{incarnation}");

    private ClusterNode New(string name, string program, int managementPort, Func<int, IEnumerable<string>> args)
    {
        var log = TextWriter.Synchronized(new StreamWriter(Path.Combine(_logs, $"{name}.log")) { AutoFlush = true });
        return new ClusterNode(
            name, program, Path.Combine(_published, program), managementPort, incarnation => [.. args(incarnation), $"--Management:Port={managementPort}", .. _shape.Args], log);
    }
}
