using ChitChatz.Hosting.Health;
using ChitChatz.Hosting.Start;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ChitChatz.Hosting.Telemetry;

/// <summary>
/// OpenTelemetry for all processes. <c>/metrics</c> is served by the management listener; traces, metrics and logs go to a collector
/// when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names one. The OTEL_ variables mean what OpenTelemetry says they mean.
/// </summary>
public static class TelemetryHosting
{
    // Ours, Orleans', and what the runtime, the web server and the database driver measure by themselves.
    private static readonly string[] s_meters = ["ChitChatz.*", "Microsoft.Orleans", "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql"];

    // Without Orleans' runtime and the web server: each delivery of a stream, each probe between silos and each scrape would be a trace of
    // its own. A WebSocket is one request, too, for as long as it lasts. Our traces begin at a frame.
    private static readonly string[] s_sources = ["ChitChatz.*", "Microsoft.Orleans.Application", "Microsoft.Orleans.Lifecycle", "Microsoft.Orleans.Storage", "Npgsql"];

    /// <summary>Adds what the switches say. What is off is not added.</summary>
    internal static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        TelemetrySwitches switches = TelemetrySwitches.From(builder.Configuration);
        builder.Services.AddSingleton(switches);
        if (switches is { Metrics: false, Export: false })
            return;

        // Hosted services are made in their order, and with them the instruments, which count from nothing: what listens comes before.
        builder.Services.AddHostedService<MetersFirst>();
        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => Describe(resource, builder));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(s_meters);
            if (switches.Metrics)
                metrics.AddPrometheusExporter();
        });
        if (switches.Metrics)
            builder.Services.AddSingleton<IManagementPages, MetricsPage>();
        if (!switches.Export)
            return;

        telemetry.WithTracing(static tracing => tracing.AddSource(s_sources));
        telemetry.WithLogging(static _ => { }, static logging => logging.IncludeFormattedMessage = true);
        telemetry.UseOtlpExporter();
    }

    /// <summary>Lets traces follow calls between grains and their callers, if traces are exported.</summary>
    public static ISiloBuilder AddTracePropagation(this ISiloBuilder silo) =>
        TelemetrySwitches.From(silo.Configuration).Export ? silo.AddActivityPropagation() : silo;

    /// <inheritdoc cref="AddTracePropagation(ISiloBuilder)" />
    public static IClientBuilder AddTracePropagation(this IClientBuilder client) =>
        TelemetrySwitches.From(client.Configuration).Export ? client.AddActivityPropagation() : client;

    private sealed class MetersFirst(MeterProvider meters) : IHostedService
    {
        /// <summary>Its being there is the point.</summary>
        public MeterProvider Meters { get; } = meters;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private static void Describe(ResourceBuilder resource, IHostApplicationBuilder builder) =>
        // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last, and so win.
        resource.AddService(builder.Environment.ApplicationName, serviceVersion: Banner.Version).AddEnvironmentVariableDetector();
}
