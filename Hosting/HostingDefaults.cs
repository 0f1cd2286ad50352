using ChitChatz.Hosting.Configuration;
using ChitChatz.Hosting.Logging;
using ChitChatz.Hosting.Start;
using ChitChatz.Hosting.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace ChitChatz.Hosting;

/// <summary>What all our processes share.</summary>
public static class HostingDefaults
{
    /// <summary>The longest that an orderly stop takes; .NET: 30 s. Its steps have bounds of their own; where several are met at once, this one holds. HostRunner sees to it.</summary>
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(12);

    /// <summary>Adds the clock, the data folder, the log, telemetry and the settings that both silo and gateway read. May be called more than once.</summary>
    public static IHostApplicationBuilder AddChitChatzDefaults(this IHostApplicationBuilder builder)
    {
        if (builder.Services.Any(descriptor => descriptor.ServiceType == typeof(StartupPhase)))
            return builder;

        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = s_stop);
        builder.Services.AddSingleton<StartupPhase>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSettings<DataSettings>();
        builder.Services.AddSettings<ClusterSettings>();
        builder.Services.AddSettings<SiloSettings>();
        builder.Services.AddSingleton<DataFolder>();
        builder.Logging.AddChitChatzLogging();
        builder.AddTelemetry();
        return builder;
    }
}
