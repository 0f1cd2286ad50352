using ChitChatz.Gateway.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ChitChatz.Tests.Support;

/// <summary>A further gateway of a Standalone's silo, as its program composes it, in this process and with the same key.</summary>
internal sealed class GatewayApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GatewayApp(WebApplication app)
    {
        _app = app;
        Uri http = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        WebSocket = new UriBuilder(http) { Scheme = "ws" }.Uri;
    }

    public Uri WebSocket { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<GatewayApp> StartAsync(StandaloneApp beside, params string[] settings)
    {
        WebApplicationBuilder builder = GatewayHosting.CreateBuilder(
        [
            "--urls=http://127.0.0.1:0", $"--Data:Folder={beside.DataFolder}", $"--Silo:GatewayPort={beside.GatewayPort}", "--Management:Port=0", .. settings,
        ]);
        builder.AddChitChatzGateway();
        WebApplication app = builder.Build().MapChitChatz();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new GatewayApp(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
