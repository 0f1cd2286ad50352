using ChitChatz.Gateway.Hosting;
using ChitChatz.Silo;
using ChitChatz.Tests.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ChitChatz.Tests.Support;

/// <summary>Standalone as its program composes it, in this process, on free ports, with a data folder of its own.</summary>
internal sealed class StandaloneApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly bool _ownsFolder;

    private StandaloneApp(WebApplication app, string folder, bool ownsFolder, int gatewayPort)
    {
        _app = app;
        _ownsFolder = ownsFolder;
        DataFolder = folder;
        GatewayPort = gatewayPort;
        Http = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        WebSocket = new UriBuilder(Http) { Scheme = "ws" }.Uri;
    }

    public Uri Http { get; }

    public Uri WebSocket { get; }

    public string DataFolder { get; }

    /// <summary>Where its silo takes further gateways.</summary>
    public int GatewayPort { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts one; messages live in memory unless the settings say otherwise.</summary>
    public static Task<StandaloneApp> StartAsync(params string[] settings)
        => StartAsync(static _ => { }, settings);

    /// <summary>Starts one with services of the test's own, which replace the program's.</summary>
    public static Task<StandaloneApp> StartAsync(Action<WebApplicationBuilder> configure, params string[] settings)
        => StartAsync(Directory.CreateTempSubdirectory("chitchatz-test-").FullName, ownsFolder: true, ["--Storage:Provider=Memory", .. settings], configure);

    /// <summary>Starts one on a folder that outlives it.</summary>
    public static Task<StandaloneApp> StartOnAsync(string folder, params string[] settings) => StartAsync(folder, ownsFolder: false, settings, static _ => { });

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_ownsFolder)
        {
            Directory.Delete(DataFolder, recursive: true);
        }
    }

    private static async Task<StandaloneApp> StartAsync(string folder, bool ownsFolder, string[] settings, Action<WebApplicationBuilder> configure)
    {
        int[] ports = FreePorts.Take(2);
        WebApplicationBuilder builder = GatewayHosting.CreateBuilder(
        [
            "--urls=http://127.0.0.1:0", $"--Data:Folder={folder}", $"--Silo:Port={ports[0]}", $"--Silo:GatewayPort={ports[1]}", "--Management:Port=0", .. settings,
        ]);
        builder.AddChitChatzSilo();
        builder.AddChitChatzGateway();
        configure(builder);
        WebApplication app = builder.Build().MapChitChatz();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new StandaloneApp(app, folder, ownsFolder, ports[1]);
    }
}
