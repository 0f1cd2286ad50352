using ChitChatz.Gateway.Hosting;
using ChitChatz.Silo;
using ChitChatz.Tests.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ChitChatz.Tests.Telemetry;

/// <summary>A silo and a gateway as their programs compose them, joined by TCP, in this process.</summary>
internal sealed class SplitApp : IAsyncDisposable
{
    private readonly IHost _silo;
    private readonly WebApplication _gateway;
    private readonly string _folder;

    private SplitApp(IHost silo, WebApplication gateway, string folder)
    {
        (_silo, _gateway, _folder) = (silo, gateway, folder);
        WebSocket = new UriBuilder(gateway.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) { Scheme = "ws" }.Uri;
    }

    public Uri WebSocket { get; }

    public static async Task<SplitApp> StartAsync(Action<IServiceCollection> configure, params string[] settings)
    {
        string folder = Directory.CreateTempSubdirectory("chitchatz-test-").FullName;
        int[] ports = FreePorts.Take(2);
        string[] both = [$"--Data:Folder={folder}", $"--Silo:Port={ports[0]}", $"--Silo:GatewayPort={ports[1]}", "--Management:Port=0", .. settings];

        HostApplicationBuilder siloBuilder = Host.CreateApplicationBuilder([.. both, "--Storage:Provider=Memory"]);
        siloBuilder.AddChitChatzSilo();
        configure(siloBuilder.Services);
        IHost silo = siloBuilder.Build();
        await silo.StartAsync(TestContext.Current.CancellationToken);

        WebApplicationBuilder gatewayBuilder = GatewayHosting.CreateBuilder(["--urls=http://127.0.0.1:0", .. both]);
        gatewayBuilder.AddChitChatzGateway();
        WebApplication gateway = gatewayBuilder.Build().MapChitChatz();
        await gateway.StartAsync(TestContext.Current.CancellationToken);
        return new SplitApp(silo, gateway, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.StopAsync();
        await _gateway.DisposeAsync();
        await _silo.StopAsync();
        _silo.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
