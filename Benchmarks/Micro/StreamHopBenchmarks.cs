using BenchmarkDotNet.Attributes;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Streaming;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Streams;
using Orleans.TestingHost;

namespace ChitChatz.Benchmarks.Micro;

/// <summary>
/// The whole way of items of one message from a silo into a gateway's inbox: the stream provider, Orleans' pulling agent, its messages and
/// their serialization. Silo and gateway are in this process, and what lies between them is memory and no socket.
/// </summary>
[MemoryDiagnoser]
public class StreamHopBenchmarks
{
    private readonly ManualResetEventSlim _arrived = new(initialState: false, spinCount: 0);
    private readonly MessagesPushed _item = new(Samples.Room, Samples.Epoch, Samples.Messages(after: 0, 1));
    private InProcessTestCluster _cluster = null!;
    private IAsyncStream<InboxItem> _inbox = null!;
    private int _awaited;

    /// <summary>How many items are published at once, and waited for.</summary>
    [Params(1, 64)]
    public int Items { get; set; }

    [GlobalSetup]
    public async Task Setup()
    {
        InProcessTestClusterBuilder builder = new(initialSilosCount: 1);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureHost(static host => host.Logging.SetMinimumLevel(LogLevel.Error));
        builder.ConfigureSilo(static (_, silo) => silo.AddMemoryGrainStorage("PubSubStore").AddPushStreams(StreamNames.Provider));
        builder.ConfigureClient(static client => client.AddPushStreams(StreamNames.Provider));
        _cluster = builder.Build();
        await _cluster.DeployAsync();

        StreamId id = StreamNames.Inbox(GatewayId.New());
        await _cluster.Client.GetStreamProvider(StreamNames.Provider).GetStream<InboxItem>(id).SubscribeAsync(OnItemsAsync);
        _inbox = _cluster.Silos[0].ServiceProvider.GetRequiredService<IClusterClient>().GetStreamProvider(StreamNames.Provider).GetStream<InboxItem>(id);
    }

    [GlobalCleanup]
    public async Task Cleanup() => await _cluster.DisposeAsync();

    [Benchmark]
    public async Task PublishAndReceive()
    {
        _arrived.Reset();
        Volatile.Write(ref _awaited, Items);
        for (int i = 0; i < Items; i++)
            await _inbox.OnNextAsync(_item);
        _arrived.Wait();
    }

    private Task OnItemsAsync(IList<SequentialItem<InboxItem>> items)
    {
        if (Interlocked.Add(ref _awaited, -items.Count) == 0)
            _arrived.Set();
        return Task.CompletedTask;
    }
}
