using Microsoft.Extensions.Configuration;

namespace ChitChatz.Hosting.Telemetry;

/// <summary>
/// What telemetry a process has. Known before its parts are composed, since what is off is not even added: call filters that find nobody
/// who listens would cost each call something.
/// </summary>
/// <param name="Metrics">Whether <c>/metrics</c> is served: <c>Management:Metrics</c>, true unless it says otherwise.</param>
/// <param name="Export">Whether traces, metrics and logs are sent away: when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to.</param>
public sealed record TelemetrySwitches(bool Metrics, bool Export)
{
    /// <summary>OpenTelemetry's variable for the address of a collector.</summary>
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>OpenTelemetry's variable that switches everything off.</summary>
    public const string Disabled = "OTEL_SDK_DISABLED";

    /// <summary>Reads the switches.</summary>
    public static TelemetrySwitches From(IConfiguration configuration)
    {
        if (IsTrue(configuration[Disabled]))
            return new TelemetrySwitches(Metrics: false, Export: false);

        // A value that is neither true nor false is refused by the settings' own check, a moment later.
        bool metrics = !bool.TryParse(configuration["Management:Metrics"], out bool wanted) || wanted;
        return new TelemetrySwitches(metrics, !string.IsNullOrWhiteSpace(configuration[Endpoint]));
    }

    private static bool IsTrue(string? value) => string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);
}
