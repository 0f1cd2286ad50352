using ChitChatz.Hosting.Configuration;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace ChitChatz.Silo.Cluster;

/// <summary>Composes how a silo finds the others, and where it keeps who subscribes to which stream.</summary>
internal static class ClusterHosting
{
    /// <summary>The storage that Orleans' streams look for.</summary>
    private const string PubSubStore = "PubSubStore";

    /// <summary>Adds the cluster that Cluster:Provider names; a name that is none is refused when all settings are checked.</summary>
    public static void UseCluster(this ISiloBuilder silo, IConfiguration configuration)
    {
        if (ClusterSettings.IsPostgres(configuration))
            silo.UsePostgresCluster(configuration.GetSection(ClusterSettings.Section));
        else
            silo.UseLocalhost();
    }

    // One silo: its subscriptions live as long as it does.
    private static void UseLocalhost(this ISiloBuilder silo)
    {
        silo.UseLocalhostClustering();
        silo.AddMemoryGrainStorage(PubSubStore);
    }

    private static void UsePostgresCluster(this ISiloBuilder silo, IConfigurationSection section)
    {
        silo.UseAdoNetClustering(options => options.Configure<IOptions<ClusterSettings>>((clustering, cluster) =>
        {
            clustering.Invariant = ClusterConnection.Invariant;
            clustering.ConnectionString = ClusterConnection.For(cluster.Value);
        }));
        // A dead silo costs no subscriptions.
        silo.AddAdoNetGrainStorage(PubSubStore, options => options.Configure<IOptions<ClusterSettings>>((storage, cluster) =>
        {
            storage.Invariant = ClusterConnection.Invariant;
            storage.ConnectionString = ClusterConnection.For(cluster.Value);
        }));
        // It listens where it is reached, and nowhere else.
        silo.Services.AddOptions<EndpointOptions>().Configure<AdvertisedAddress>((options, address) => options.AdvertisedIPAddress = address.Value);
        silo.Services.AddSingleton<CrashDetector>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static provider => provider.GetRequiredService<CrashDetector>());
        silo.Services.AddOptions<SiloConnectionOptions>().Configure<CrashDetector>(CrashDetector.Watch);
        // A name that is none is refused when all settings are checked.
        if (!Enum.TryParse(section[nameof(ClusterSettings.GrainDirectory)], ignoreCase: true, out GrainDirectoryKind directory) || directory != GrainDirectoryKind.Local)
        {
#pragma warning disable ORLEANSEXP003 // Experimental by name; why it is used all the same: docs/adr/0005-grain-directory.md.
            silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        }
    }
}
