using ChitChatz.Grains;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Hosting;
using ChitChatz.Hosting.Configuration;
using ChitChatz.Hosting.Health;
using ChitChatz.Hosting.Telemetry;
using ChitChatz.Silo.Cluster;
using ChitChatz.Silo.Dashboard;
using ChitChatz.Silo.Rooms;
using ChitChatz.Silo.Storage;
using ChitChatz.Streaming;
using Microsoft.Extensions.Options;

namespace ChitChatz.Silo;

/// <summary>Composes a silo; for the Silo executable, and for Standalone beside a gateway.</summary>
public static class SiloHosting
{
    /// <summary>Adds the silo: the message log, the grains, the push streams, and the cluster that they live in.</summary>
    public static IHostApplicationBuilder AddChitChatzSilo(this IHostApplicationBuilder builder)
    {
        builder.AddChitChatzDefaults();
        builder.Services.AddManagement(defaultPort: 3901);
        builder.Services.AddSingleton<SiloInProcess>();

        builder.Services.AddSingleton<AdvertisedAddress>();
        builder.Services.AddSingleton<IValidateOptions<StorageSettings>, ClusterChecks>();
        builder.Services.AddSingleton<IValidateOptions<SiloSettings>, ClusterChecks>();

        // Hosted services start in this order and stop in the reverse one: ports are checked and the log is open before the silo
        // takes a call, and the log is closed when the silo has deactivated its grains.
        builder.Services.AddHostedService<PortCheck>();
        builder.Services.AddMessageLog();
        builder.Services.AddSettings<RoomsSettings>();
        builder.Services.AddSingleton(static provider => provider.GetRequiredService<IOptions<RoomsSettings>>().Value.Policy);
        builder.Services.AddHostedService<RetentionJob>();
        builder.Services.AddHostedService<ClusterTablesAtStart>();
        builder.UseOrleans(silo =>
        {
            silo.UseCluster(builder.Configuration);
            silo.Services.ConfigureSilo();
            silo.AddPushStreams(StreamNames.Provider);
            silo.AddChitChatzGrains();
            silo.AddTracePropagation();
            silo.AddManagementDashboard();
        });
        return builder;
    }
}
