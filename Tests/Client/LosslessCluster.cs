using ChitChatz.Tests.Processes;

namespace ChitChatz.Tests.Client;

/// <summary>A server that can be killed: Standalone and a further gateway on its silo, as processes of their own.</summary>
internal sealed class LosslessCluster : IAsyncDisposable
{
    private const string Off = "--Limits:RateLimits=false";
    private readonly Deployment _service = new();
    private readonly int _port = FreePorts.Take(1)[0];
    private ProcessHost _standalone = null!;
    private ProcessHost _gateway = null!;

    /// <summary>The two gateways.</summary>
    public IReadOnlyList<Uri> Gateways => [_service.WebSocket, new Uri($"ws://127.0.0.1:{_port}")];

    /// <summary>How often a process was killed or stopped and started again.</summary>
    public int Restarts { get; private set; }

    public static async Task<LosslessCluster> StartAsync()
    {
        LosslessCluster cluster = new();
        await cluster.StartStandaloneAsync();
        await cluster.StartGatewayAsync();
        return cluster;
    }

    /// <summary>Ends a process, by a crash or in order, and starts it again.</summary>
    public async Task RestartAsync(bool standalone, bool crash)
    {
        ProcessHost process = standalone ? _standalone : _gateway;
        await (crash ? process.KillAsync() : process.StopAsync());
        await (standalone ? StartStandaloneAsync() : StartGatewayAsync());
        Restarts++;
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    private async Task StartStandaloneAsync()
    {
        _standalone = _service.Start("Standalone", Off, "--Management:Port=0");
        await _standalone.ReadyAsync();
    }

    private async Task StartGatewayAsync()
    {
        _gateway = _service.Start("Gateway", Off, "--Management:Port=0", "--urls", $"http://127.0.0.1:{_port}");
        await _gateway.ReadyAsync();
    }
}
