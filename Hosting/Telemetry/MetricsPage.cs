using ChitChatz.Hosting.Health;
using Microsoft.AspNetCore.Builder;
using OpenTelemetry.Metrics;

namespace ChitChatz.Hosting.Telemetry;

/// <summary><c>/metrics</c>, in the text that Prometheus reads: all that this process measures.</summary>
internal sealed class MetricsPage(MeterProvider meters) : IManagementPages
{
    public void Map(IApplicationBuilder app) =>
        app.UseOpenTelemetryPrometheusScrapingEndpoint(meters, predicate: null, path: "/metrics", configureBranchedPipeline: null, optionsName: null);
}
