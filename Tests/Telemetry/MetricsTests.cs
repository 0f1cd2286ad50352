using System.Net;
using ChitChatz.Hosting.Health;
using ChitChatz.Protocol;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ChitChatz.Tests.Telemetry;

/// <summary>What a scrape of /metrics shows.</summary>
public sealed class MetricsTests
{
    private static readonly string[] s_shown =
    [
        "chitchatz_gateway_connections", "chitchatz_gateway_rooms", "chitchatz_gateway_deliveries_total", "chitchatz_gateway_outbound_queued_bytes",
        "chitchatz_gateway_post_duration_seconds_bucket", "chitchatz_rooms_members", "chitchatz_log_commit_duration_seconds_count",
        "chitchatz_streaming_published_total", "dotnet_gc_collections_total", "orleans_", "kestrel_active_connections",
    ];

    // Those that alarms look at.
    private static readonly string[] s_counters =
    [
        "chitchatz_gateway_inbox_dropped_total", "chitchatz_gateway_resubscribed_total", "chitchatz_gateway_gaps_total", "chitchatz_gateway_slow_readers_total",
        "chitchatz_log_commit_failures_total", "chitchatz_log_append_refused_total", "chitchatz_rooms_fenced_total", "chitchatz_push_failures_total",
        "chitchatz_streaming_dropped_total", "chitchatz_streaming_evicted_total", "chitchatz_streaming_failed_total",
    ];

    private static readonly HttpClient s_http = new();

    [Fact]
    public async Task Metrics_AfterAConversation_TellItInNumbersAndNobodysName()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync();
        await using ChatClient ann = await ChatClient.RegisterAsync(app.WebSocket, "ann-who-is-not-in-metrics");
        await ann.JoinAsync("room-that-is-not-in-metrics");
        await ann.PostAsync("a text that is not in metrics");
        await ann.ExpectMessageAsync();
        await ann.SendRawAsync("no frame");
        await ann.ExpectErrorAsync("bad_json");

        HttpResponseMessage response = await s_http.GetAsync(Page(app), TestContext.Current.CancellationToken);
        string page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.All(s_shown, name => Assert.Contains("\n" + name, page, StringComparison.Ordinal));
        Assert.Contains("code=\"bad_json\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("not-in-metrics", page, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counters_BeforeAnythingHasHappened_AreZero()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync();

        string page = await s_http.GetStringAsync(Page(app), TestContext.Current.CancellationToken);

        Assert.All(s_counters, name => Assert.Matches($"(?m)^{name}\\{{[^}}]*\\}} 0( |$)", page));
        Assert.All(ErrorCodes.All, code => Assert.Matches($"(?m)^chitchatz_gateway_refused_total\\{{[^}}]*code=\"{code.Name}\"[^}}]*\\}} 0( |$)", page));
    }

    [Theory]
    [InlineData("--Management:Metrics=false")]
    [InlineData("--OTEL_SDK_DISABLED=true")]
    public async Task Metrics_WhenSwitchedOff_AreNotThere(string setting)
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync(setting);
        HttpResponseMessage response = await s_http.GetAsync(Page(app), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Metrics_OnTheChatsOwnPort_AreNotThere()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync();
        foreach (string path in new[] { "/metrics", "/health/live", "/dashboard/" })
        {
            HttpResponseMessage response = await s_http.GetAsync(new Uri(app.Http, path), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    private static Uri Page(StandaloneApp app) => new(app.Services.GetRequiredService<ManagementServer>().Address!, "/metrics");
}
