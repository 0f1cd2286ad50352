using System.Globalization;
using System.Net;
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
        Directory.CreateDirectory(logs);
        var store = shape.Silos == 0 ? null : await StoreNode.StartNewAsync(shape.Folder, NewLog(logs, "store"), [.. shape.StoreSettings, .. shape.Network?.StoreSettings ?? []]);
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
        var network = _shape.Network;
        var address = network?.Address(number) ?? "127.0.0.1";
        return New(name, "Silo", new IPEndPoint(IPAddress.Parse(address), ports[2]), network?.Inside(number), incarnation =>
        [
            .. Membership(name, incarnation, network?.Host),
            "--Storage:Provider=Postgres", $"--Storage:ConnectionString={ConnectionString(name, incarnation, network?.Host)}",
            $"--Silo:Address={address}", $"--Silo:Port={ports[0]}", $"--Silo:GatewayPort={ports[1]}", $"--Data:Folder={Path.Combine(_folder, name)}",
        ]);
    }

    private ClusterNode NewGateway(int port, int index)
    {
        int[] ports = FreePorts.Take(1);
        var name = $"gateway-{index + 1}";
        return New(name, "Gateway", new IPEndPoint(IPAddress.Loopback, ports[0]), inside: null, incarnation =>
            [.. Membership(name, incarnation), .. Listening(port), $"--Data:Folder={Path.Combine(_folder, name)}"]);
    }

    private ClusterNode NewStandalone(int port)
    {
        int[] ports = FreePorts.Take(3);
        return New("standalone", "Standalone", new IPEndPoint(IPAddress.Loopback, ports[2]), inside: null, _ =>
            [.. Listening(port), $"--Silo:Port={ports[0]}", $"--Silo:GatewayPort={ports[1]}", $"--Data:Folder={DataFolder}"]);
    }

    private IEnumerable<string> Membership(string name, int incarnation, string? storeHost = null) =>
        ["--Cluster:Provider=Postgres", $"--Cluster:ConnectionString={ConnectionString(name, incarnation, storeHost)}", $"--Cluster:ClusterId={_id}"];

    private IEnumerable<string> Listening(int port) => ["--urls", $"http://127.0.0.1:{port}", $"--Jwt:Secret={_secret}", "--Limits:RateLimits=false"];

    // The store writes down who wrote each row by this name; see Writers.
    private string ConnectionString(string name, int incarnation, string? host = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{Store!.ConnectionString};{(host is null ? "" : $"Host={host};")}Application Name={name}/{incarnation}");

    private ClusterNode New(string name, string program, IPEndPoint management, string[]? inside, Func<int, IEnumerable<string>> args)
    {
        return new ClusterNode(
            name, program, Path.Combine(_published, program), management, inside ?? [], incarnation => [.. args(incarnation), .. Common(program, management)], NewLog(_logs, name));
    }

    private static TextWriter NewLog(string folder, string name) =>
        TextWriter.Synchronized(new StreamWriter(Path.Combine(folder, $"{name}.log")) { AutoFlush = true });

    // The final log is read through the API too: all of it, and not a room's newest 10,000 messages.
    private IEnumerable<string> Common(string program, IPEndPoint management) =>
        [$"--Management:Address={management.Address}", $"--Management:Port={management.Port}", .. program == "Gateway" ? (string[])[] : ["--Rooms:HistoryMessages=0"], .. _shape.Args];
}
