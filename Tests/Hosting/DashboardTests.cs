using System.Net;
using ChitChatz.Gateway.Hosting;
using ChitChatz.Hosting.Health;
using ChitChatz.Hosting.Start;
using ChitChatz.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ChitChatz.Tests.Hosting;

/// <summary>THREATS O4: the dashboard asks nobody who they are, so it is off, and on only for this machine.</summary>
public sealed class DashboardTests
{
    // All that MapOrleansDashboard maps.
    private static readonly string[] s_paths =
    [
        "", "/", "/index.html", "/favicon.ico", "/index.min.js", "/index.css", "/fonts/x", "/img/x", "/version", "/DashboardCounters", "/ClusterStats", "/Reminders",
        "/Reminders/1", "/HistoricalStats/x", "/SiloProperties/x", "/SiloMetadata/x", "/SiloStats/x", "/SiloCounters/x", "/GrainStats/x", "/TopGrainMethods",
        "/GrainState", "/LifecycleStages", "/GrainTypes", "/Trace",
    ];

    private static readonly HttpClient s_http = new();

    [Fact]
    public async Task O4_Dashboard_WhenNotSwitchedOn_IsNowhere()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync();
        foreach (string path in s_paths)
        {
            Assert.Equal((path, HttpStatusCode.NotFound), (path, await AskAsync(app, "/dashboard" + path)));
            Assert.True(path is "" or "/" || await AskAsync(app, path) == HttpStatusCode.NotFound, path);
        }
    }

    [Fact]
    public async Task O4_Dashboard_WhenSwitchedOn_IsServedToThisMachineAlone()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync("--Management:Dashboard=true");
        foreach (string path in new[] { "/", "/index.min.js", "/version", "/DashboardCounters", "/ClusterStats" })
        {
            Assert.Equal((path, HttpStatusCode.OK), (path, await AskAsync(app, "/dashboard" + path)));
        }

        foreach (string path in s_paths)
        {
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, await AskAsync(app, "/dashboard" + path, host: "rebound.example")));
        }

        Assert.Equal(HttpStatusCode.OK, await AskAsync(app, "/health/live"));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(app, "/ClusterStats"));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("192.0.2.1")]
    public void O4_Dashboard_OnANetwork_IsRefused(string address)
    {
        string failure = Assert.Single(new ManagementSettings { Address = address, Dashboard = true }.Failures());
        Assert.StartsWith($"Management:Dashboard must be false while Management:Address is {address}", failure, StringComparison.Ordinal);
        Assert.Empty(new ManagementSettings { Address = address }.Failures());
    }

    [Fact]
    public async Task Dashboard_OfAGatewayAlone_IsRefused()
    {
        WebApplicationBuilder builder = GatewayHosting.CreateBuilder(["--urls=http://127.0.0.1:0", "--Management:Port=0", "--Management:Dashboard=true"]);
        builder.AddChitChatzGateway();
        await using WebApplication app = builder.Build();

        StartupException refused = await Assert.ThrowsAsync<StartupException>(
            () => app.Services.GetRequiredService<ManagementServer>().StartingAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("Management:Dashboard is true, and this process has no silo", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> AskAsync(StandaloneApp app, string path, string? host = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(app.Services.GetRequiredService<ManagementServer>().Address!, path));
        request.Headers.Host = host;
        using HttpResponseMessage response = await s_http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
