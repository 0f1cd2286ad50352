using System.Net;
using ChitChatz.Hosting.Health;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace ChitChatz.Tests.Hosting;

/// <summary>What the health endpoints say from the start of a process to its end.</summary>
public sealed class HealthTests
{
    private static readonly HttpClient s_http = new();

    [Fact]
    public async Task Health_WhileTheProcessStartsAndStops_SaysWhichOfIt()
    {
        Watcher watcher = null!;
        StandaloneApp app = await StandaloneApp.StartAsync(builder => builder.Services.AddHostedService(services => watcher = ActivatorUtilities.CreateInstance<Watcher>(services)));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), watcher.Starting);
        Assert.Equal(HttpStatusCode.OK, watcher.Ask("/health/startup"));
        await app.DisposeAsync();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), watcher.Stopping);
    }

    [Theory]
    [InlineData("GET", "/", HttpStatusCode.NotFound)]
    [InlineData("GET", "/health", HttpStatusCode.NotFound)]
    [InlineData("POST", "/health/live", HttpStatusCode.MethodNotAllowed)]
    [InlineData("HEAD", "/health/live", HttpStatusCode.OK)]
    public async Task Request_OfAnotherKind_GetsNothing(string method, string path, HttpStatusCode expected)
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync();
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(app.Services.GetRequiredService<ManagementServer>().Address!, path));
        HttpResponseMessage response = await s_http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(expected, response.StatusCode);
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public void Pulse_WhenNothingBeatsForHalfAMinute_IsAProblem()
    {
        FakeTimeProvider time = new();
        using Pulse pulse = new(time);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(pulse.Problem);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("The process has got nothing done for 31 s.", pulse.Problem);
    }

    /// <summary>Asks while the process starts, and in the moment in which its stop begins.</summary>
    private sealed class Watcher(ManagementServer server, IHostApplicationLifetime lifetime) : IHostedService
    {
        public (HttpStatusCode Live, HttpStatusCode Startup, HttpStatusCode Ready) Starting { get; private set; }

        public (HttpStatusCode Live, HttpStatusCode Startup, HttpStatusCode Ready) Stopping { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Starting = AskAll();
            lifetime.ApplicationStopping.Register(() => Stopping = AskAll());
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public HttpStatusCode Ask(string path)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(server.Address!, path));
            return s_http.Send(request).StatusCode;
        }

        private (HttpStatusCode Live, HttpStatusCode Startup, HttpStatusCode Ready) AskAll() => (Ask("/health/live"), Ask("/health/startup"), Ask("/health/ready"));
    }
}
