using Orleans;
using Orleans.Runtime;
using Orleans.Streams;
using Xunit;

namespace ChitChatz.Tests.Streaming;

public sealed class DeliveryTests : IAsyncLifetime
{
    private PushCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await PushCluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Publish_WhenManyItemsOfOneSilo_KeepsTheirOrder()
    {
        const int Items = 5_000;
        StreamId stream = PushCluster.NewStream();
        var recorder = new Recorder();
        await _cluster.ClientStream(stream).SubscribeAsync(recorder);
        IPublisherGrain publisher = await _cluster.Publisher(0, "ordered");

        await publisher.Publish(stream, Items);

        await recorder.Count(Items);
        Assert.Equal(Enumerable.Range(0, Items), recorder.NumbersOf("ordered"));
    }

    [Fact]
    public async Task Publish_WhenSeveralStreamsFromBothSilos_LosesNothing()
    {
        const int Streams = 8, Items = 1_000;
        var streams = Enumerable.Range(0, Streams).Select(_ => (Id: PushCluster.NewStream(), Recorder: new Recorder())).ToArray();
        foreach (var (id, recorder) in streams)
            await _cluster.ClientStream(id).SubscribeAsync(recorder);
        IPublisherGrain[] publishers = [await _cluster.Publisher(0, "east"), await _cluster.Publisher(1, "west")];

        await Task.WhenAll(streams.SelectMany(stream => publishers.Select(publisher => publisher.Publish(stream.Id, Items))));

        foreach (var (_, recorder) in streams)
        {
            await recorder.Count(2 * Items);
            Assert.Equal(Enumerable.Range(0, Items), recorder.NumbersOf("east"));
            Assert.Equal(Enumerable.Range(0, Items), recorder.NumbersOf("west"));
        }
    }

    [Fact]
    public async Task Publish_WhenUnderLoad_PutsManyItemsIntoOneCall()
    {
        const int Items = 2_000;
        using MeterReadings meters = _cluster.Meters(0);
        StreamId stream = PushCluster.NewStream();
        var recorder = new Recorder();
        await _cluster.ClientStream(stream).SubscribeAsync(recorder);
        IPublisherGrain publisher = await _cluster.Publisher(0, "batched");

        await publisher.Publish(stream, Items);

        await recorder.Count(Items);
        await meters.AtLeast("delivered.items", Items);
        Assert.Equal(Items, meters["published"]);
        Assert.InRange(meters["delivered.batches"], 1, Items / 4);
    }

    [Fact]
    public async Task OnNextBatch_WhenSubscriberTakesBatches_BringsThemWhole()
    {
        StreamId stream = PushCluster.NewStream();
        var numbers = new List<int>();
        var all = new TaskCompletionSource();
        await _cluster.ClientStream(stream).SubscribeAsync(batch =>
        {
            numbers.AddRange(batch.Select(item => item.Item.Number));
            if (numbers.Count == 50)
                all.SetResult();
            return Task.CompletedTask;
        });

        IAsyncStream<TestItem> hosted = _cluster.HostedStream(0, stream);
        await hosted.OnNextBatchAsync(Enumerable.Range(0, 50).Select(i => new TestItem("host", i)));

        await all.Task.Meet(() => $"{numbers.Count} of 50 items arrived");
        Assert.Equal(Enumerable.Range(0, 50), numbers);
    }

    [Fact]
    public async Task HostedClient_WhenItPublishesAndSubscribes_ReachesBothSilosSubscribers()
    {
        StreamId stream = PushCluster.NewStream();
        Recorder here = new(), there = new(), client = new();
        await _cluster.HostedStream(0, stream).SubscribeAsync(here);
        await _cluster.HostedStream(1, stream).SubscribeAsync(there);
        await _cluster.ClientStream(stream).SubscribeAsync(client);
        var item = new TestItem("host", 1);

        await _cluster.HostedStream(0, stream).OnNextAsync(item);

        foreach (Recorder recorder in new[] { here, there, client })
            await recorder.Count(1);
        // In the same process the immutable event itself arrives, not a copy of it.
        Assert.Same(item, here.Items[0]);
        Assert.Equal(item, client.Items[0]);
    }

    [Fact]
    public async Task Grain_WhenItSubscribes_ReceivesItems()
    {
        StreamId first = PushCluster.NewStream(), second = PushCluster.NewStream();
        var recorder = new Recorder();
        await _cluster.ClientStream(second).SubscribeAsync(recorder);
        IPublisherGrain relay = await _cluster.Publisher(1, "relay"), publisher = await _cluster.Publisher(0, "publisher");
        await relay.Relay(first, second);

        await publisher.Publish(first, 100);

        await recorder.Count(100);
        Assert.Equal(Enumerable.Range(0, 100), recorder.NumbersOf("publisher"));
    }

    [Fact]
    public async Task Client_WhenItPublishes_IsToldWhereQueuesLive()
    {
        var refused = await Assert.ThrowsAsync<NotSupportedException>(
            () => _cluster.ClientStream(PushCluster.NewStream()).OnNextAsync(new TestItem("client", 1)));
        Assert.Contains("in the silo that publishes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unsubscribe_WhenItemsGoOn_ReceivesNoMore()
    {
        StreamId stream = PushCluster.NewStream();
        Recorder leaving = new(), staying = new();
        StreamSubscriptionHandle<TestItem> handle = await _cluster.ClientStream(stream).SubscribeAsync(leaving);
        await _cluster.ClientStream(stream).SubscribeAsync(staying);
        IPublisherGrain publisher = await _cluster.Publisher(0, "talker");
        await publisher.Publish(stream, 10);
        await leaving.Count(10);

        await handle.UnsubscribeAsync();
        await publisher.Publish(stream, 10, first: 10);

        await staying.Count(20);
        Assert.Equal(10, leaving.Items.Count);
    }
}
