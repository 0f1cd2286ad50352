using ChitChatz.Hosting.Configuration;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace ChitChatz.Silo;

/// <summary>Hands our settings to Orleans' options.</summary>
internal static class SiloOptions
{
    public static void ConfigureSilo(this IServiceCollection services)
    {
        services.AddOptions<ClusterOptions>().Configure<IOptions<ClusterSettings>>((options, cluster) =>
        {
            options.ClusterId = cluster.Value.ClusterId;
            options.ServiceId = cluster.Value.ServiceId;
        });
        services.AddOptions<EndpointOptions>().Configure<IOptions<SiloSettings>>((options, silo) =>
        {
            options.SiloPort = silo.Value.Port;
            options.GatewayPort = silo.Value.GatewayPort;
        });
        services.AddOptions<SiloMessagingOptions>().Configure<IOptions<ClusterSettings>>((options, cluster) =>
        {
            // A gateway in the silo's own process calls with the silo's time-out too; alone, the silo has nobody with whom answers could be lost.
            options.ResponseTimeout = cluster.Value.InPostgres ? cluster.Value.Timings.DeliveryTimeout : cluster.Value.Timings.ResponseTimeout;
            // Alone it would only give up its own start on a machine that is busy.
            if (cluster.Value.InPostgres)
                options.SystemResponseTimeout = cluster.Value.Timings.SystemResponseTimeout;
            options.ClientDropTimeout = cluster.Value.Timings.ClientDropTimeout;
        });
        services.AddOptions<ClusterMembershipOptions>().Configure<IOptions<ClusterSettings>>((options, cluster) =>
        {
            options.ProbeTimeout = cluster.Value.Timings.ProbeTimeout;
            // Orleans would take half of it for a neighbour that has always been quick, and a machine may become busy at any time.
            options.MinProbeTimeout = cluster.Value.Timings.ProbeTimeout;
            options.MaxProbeTimeout = cluster.Value.Timings.MaxProbeTimeout;
            options.TableRefreshTimeout = cluster.Value.Timings.TableRefreshTimeout;
            options.IAmAliveTablePublishTimeout = cluster.Value.Timings.IAmAliveTablePublishTimeout;
        });
        services.AddOptions<GrainDirectoryOptions>().Configure<IOptions<ClusterSettings>>((options, cluster) =>
            options.RangeLeaseDuration = cluster.Value.Timings.RangeLeaseDuration);
    }
}
