using System.Net;
using ChitChatz.Gateway.Inbox;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Hosting.Configuration;
using ChitChatz.Hosting.Logging;
using ChitChatz.Hosting.Telemetry;
using ChitChatz.Streaming;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace ChitChatz.Gateway.Hosting;

/// <summary>The cluster client of a gateway that runs beside its silo, not in it.</summary>
internal static class SiloClient
{
    public static void AddSiloClient(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SiloWait>();
        // SiloWait says once that the silo is gone and once that it is back; these say it with every attempt, and with stack traces.
        builder.Logging.AddDefaultLevel("Orleans.Runtime.Messaging", LogLevel.Error);
        builder.Logging.AddDefaultLevel("Orleans.Messaging", LogLevel.Error);
        builder.UseOrleansClient(client =>
        {
            if (ClusterSettings.IsPostgres(builder.Configuration))
            {
                client.UseAdoNetClustering(options => options.Configure<IOptions<ClusterSettings>>((clustering, cluster) =>
                {
                    clustering.Invariant = ClusterConnection.Invariant;
                    clustering.ConnectionString = ClusterConnection.For(cluster.Value);
                }));
            }
            else
            {
                client.UseLocalhostClustering();
            }

            client.Services.ConfigureClient();
            client.Services.AddSingleton<IClientConnectionRetryFilter>(provider => provider.GetRequiredService<SiloWait>());
            client.Services.AddSingleton<ConnectionToClusterLostHandler>(provider => (_, _) => provider.GetRequiredService<SiloWait>().Lost());
            client.Services.AddSingleton<GatewayCountChangedHandler>(provider => (_, change) =>
            {
                provider.GetRequiredService<SiloWait>().Changed(change.NumberOfConnectedGateways);
                if (change.NumberOfConnectedGateways < change.PreviousNumberOfConnectedGateways)
                    provider.GetRequiredService<InboxSubscription>().OnConnectionLost();
            });
            client.AddPushStreams(StreamNames.Provider);
            client.AddTracePropagation();
        });
        builder.Services.AddHostedService<SiloConnections>();
    }

    private static void ConfigureClient(this IServiceCollection services)
    {
        services.AddOptions<ClusterOptions>().Configure<IOptions<ClusterSettings>>((options, cluster) =>
        {
            options.ClusterId = cluster.Value.ClusterId;
            options.ServiceId = cluster.Value.ServiceId;
        });
        services.AddOptions<StaticGatewayListProviderOptions>().Configure<IOptions<SiloSettings>>((options, silo) =>
            options.Gateways = [new IPEndPoint(IPAddress.Loopback, silo.Value.GatewayPort).ToGatewayUri()]);
        services.AddOptions<ClientMessagingOptions>().Configure<IOptions<ClusterSettings>>((options, cluster) =>
            options.ResponseTimeout = cluster.Value.Timings.ResponseTimeout);
        services.AddOptions<GatewayOptions>().Configure<IOptions<ClusterSettings>>((options, cluster) =>
            options.GatewayListRefreshPeriod = cluster.Value.Timings.GatewayListRefreshPeriod);
    }
}
