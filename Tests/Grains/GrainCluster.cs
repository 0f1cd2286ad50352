using ChitChatz.Grains;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Grains.Rooms;
using ChitChatz.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.TestingHost;
using Xunit;

namespace ChitChatz.Tests.Grains;

/// <summary>A cluster in this process: the real grains, a log in memory, Orleans' memory streams as inboxes.</summary>
public class GrainCluster : IAsyncLifetime
{
    private readonly short _silos;

    public GrainCluster()
        : this(1)
    {
    }

    protected GrainCluster(short silos) => _silos = silos;

    /// <summary>A cluster of its own over a log that another one writes, too.</summary>
    internal GrainCluster(FakeLog log)
        : this(1) => Log = log;

    internal FakeLog Log { get; } = new();

    internal ShiftedTime Time { get; } = new();

    internal InProcessTestCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        InProcessTestClusterBuilder builder = new(_silos);
        builder.ConfigureSilo((_, silo) =>
        {
            // Orleans keeps its own time: only ours is moved.
            silo.Services.AddKeyedSingleton(KeyedService.AnyKey, TimeProvider.System);
            silo.Services.AddSingleton<TimeProvider>(Time);
            silo.Services.AddSingleton<ILogWriter>(Log);
            silo.Services.AddSingleton<IMessageLog>(Log);
            silo.Services.AddSingleton<ILogRetention>(Log);
            silo.Services.AddSingleton(new RoomLimits { LeaseCheck = TimeSpan.FromMilliseconds(100), WaitingDrafts = 8, WaitingBytes = 20_000, BatchMessages = 4, PushBytes = 1000 });
            silo.AddMemoryGrainStorage("PubSubStore");
            silo.AddMemoryStreams(StreamNames.Provider, streams =>
            {
                streams.ConfigurePartitioning(1);
                streams.ConfigurePullingAgent(options => options.Configure(o => o.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(10)));
            });
            silo.AddChitChatzGrains();
        });
        builder.ConfigureClient(client => client.AddMemoryStreams(StreamNames.Provider));
        Cluster = builder.Build();
        await Cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal IRoomGrain Room(string key) => Cluster.Client.GetGrain<IRoomGrain>(key);

    internal IGatewayRegistryGrain Registry => Cluster.Client.GetGrain<IGatewayRegistryGrain>(0);

    internal Task<InboxProbe> OpenInboxAsync(GatewayId gateway) => InboxProbe.OpenAsync(Cluster.Client, gateway);

    internal static string NewKey() => "room-" + Guid.NewGuid().ToString("N");
}

/// <summary>One silo, shared by all tests that keep to rooms and names of their own.</summary>
[CollectionDefinition(Name)]
public sealed class OneSilo : ICollectionFixture<GrainCluster>
{
    public const string Name = "one silo";
}
