using System.Net;
using ChitChatz.Tests.Processes;
using ChitChatz.Tests.Support;
using Xunit;

namespace ChitChatz.Tests.Hosting;

/// <summary>A silo and a gateway find each other in either order of start, and again after a crash.</summary>
public sealed class TwoProcessTests(SharedPostgres postgres) : IAsyncDisposable
{
    private static readonly HttpClient s_http = new();

    private readonly Deployment _service = new();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Gateway_WhenStartedBeforeItsSilo_WaitsAndSaysSo()
    {
        var gateway = _service.Start("Gateway");
        await gateway.LineAsync($"Waiting for a silo at 127.0.0.1:{_service.GatewayPort} (Silo:GatewayPort)");

        await _service.Start("Silo").ReadyAsync();

        await gateway.ReadyAsync();
        Assert.Equal(0, await gateway.StopAsync());
    }

    [Fact]
    public async Task Gateway_WhenNoSiloHasEverBeenThere_LivesAndSaysWhatItWaitsFor()
    {
        PrivatePostgres server = await postgres.Server;
        string database = server.ConnectionString(await server.NewDatabaseAsync());
        int management = FreePorts.Take(1)[0];
        string[] cluster = ["--Cluster:Provider=Postgres", $"--Cluster:ConnectionString={database}"];
        var gateway = _service.Start("Gateway", [.. cluster, "--Jwt:Secret=q1ZLkAmjJw0vY6b9sT3xU8cRhD5nF2gPeW4oS7iXyKM=", $"--Management:Port={management}"]);

        await gateway.LineAsync("no silo has made the cluster's tables there yet");

        (HttpStatusCode status, string body) = await AskAsync(management, "/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("Waiting for a silo of 'chitchatz' in the database", body, StringComparison.Ordinal);
        Assert.Contains("no silo has made the cluster's tables there yet.", body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskAsync(management, "/health/startup")).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(management, "/health/live")).Status);

        await ChitChatz.Storage.Postgres.Cluster.ClusterDatabase.PrepareAsync(database, TestContext.Current.CancellationToken);
        await Deadline.Within(SaysAsync("no silo has joined yet"), "that the gateway waits for a silo to join");
        Assert.DoesNotContain("No silo is left", gateway.Output, StringComparison.Ordinal);
        Assert.Equal(0, await gateway.StopAsync());

        async Task SaysAsync(string text)
        {
            while (!(await AskAsync(management, "/health/startup")).Body.Contains(text, StringComparison.Ordinal))
                await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        static async Task<(HttpStatusCode Status, string Body)> AskAsync(int port, string path)
        {
            using HttpResponseMessage response = await s_http.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"), TestContext.Current.CancellationToken);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Gateway_WhenItsSiloCrashesAndReturns_ConnectsAgain()
    {
        var silo = _service.Start("Silo");
        await silo.ReadyAsync();
        var gateway = _service.Start("Gateway");
        await gateway.ReadyAsync();

        await silo.KillAsync();
        await gateway.LineAsync("No silo is left");
        var next = _service.Start("Silo");
        await next.ReadyAsync();

        await gateway.LineAsync("is back");
        Assert.Equal(0, await next.StopAsync());
    }

    [Fact]
    public async Task Gateway_WhenAskedToStopWhileWaiting_Stops()
    {
        var gateway = _service.Start("Gateway");
        await gateway.LineAsync("Waiting for a silo");

        Assert.Equal(0, await gateway.StopAsync());
    }
}
