using System.Diagnostics.Metrics;
using ChitChatz.Streaming;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Orleans.Streams;
using Orleans.TestingHost;
using Xunit;

namespace ChitChatz.Tests.Streaming;

/// <summary>Two silos and a client in this process, with push streams.</summary>
public sealed class PushCluster : IAsyncDisposable
{
    public const string Provider = "push";

    private readonly InProcessTestCluster _cluster;

    private PushCluster(InProcessTestCluster cluster) => _cluster = cluster;

    public IClusterClient Client => _cluster.Client;

    public IReadOnlyList<InProcessSiloHandle> Silos => _cluster.Silos;

    public static async Task<PushCluster> StartAsync(Action<PushStreamOptions>? configure = null, short silos = 2)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.Warning));
        builder.ConfigureSilo((_, silo) => silo
            .Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(3))
            .AddMemoryGrainStorage("PubSubStore")
            .AddPushStreams(Provider, configure));
        builder.ConfigureClient(client => client.AddPushStreams(Provider));
        InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        return new PushCluster(cluster);
    }

    public static StreamId NewStream() => StreamId.Create("test", Guid.NewGuid());

    public IAsyncStream<TestItem> ClientStream(StreamId stream) => Client.GetStreamProvider(Provider).GetStream<TestItem>(stream);

    /// <summary>The stream as the silo's own hosted client sees it.</summary>
    public IAsyncStream<TestItem> HostedStream(int silo, StreamId stream) =>
        Services(silo).GetRequiredService<IClusterClient>().GetStreamProvider(Provider).GetStream<TestItem>(stream);

    /// <summary>A grain in the given silo.</summary>
    public async Task<IPublisherGrain> Publisher(int silo, string name)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, Silos[silo].SiloAddress);
        IPublisherGrain grain = Client.GetGrain<IPublisherGrain>(name);
        SiloAddress where = await grain.Where();
        RequestContext.Clear();
        Assert.Equal(Silos[silo].SiloAddress, where);
        return grain;
    }

    public IServiceProvider Services(int silo) => Silos[silo].ServiceProvider;

    internal MeterReadings Meters(int silo) => new(Services(silo).GetRequiredService<IMeterFactory>());

    public Task StopAsync(int silo) => _cluster.StopSiloAsync(Silos[silo]);

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();
}
