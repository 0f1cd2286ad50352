using System.Diagnostics.Metrics;
using ChitChatz.Streaming;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Streams;
using Xunit;

namespace ChitChatz.Tests.Streaming;

public sealed class PushQueueTests : IDisposable
{
    private const int Capacity = 16;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSerializer().BuildServiceProvider();
    private readonly MeterReadings _meters;
    private readonly PushQueues _queues;
    private readonly StreamId _stream = PushCluster.NewStream();

    public PushQueueTests()
    {
        IMeterFactory factory = _services.GetRequiredService<IMeterFactory>();
        _meters = new MeterReadings(factory);
        _queues = new PushQueues(
            "push",
            new PushStreamOptions { QueueCount = 4, QueueCapacity = Capacity },
            new StreamingInstruments(factory),
            TimeProvider.System,
            NullLogger.Instance);
    }

    private PushQueue Queue => _queues.For(_stream);

    public void Dispose()
    {
        _meters.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task QueueMessageBatch_WhenFull_DropsTheNewestAndCountsAndReturns()
    {
        var adapter = new PushAdapter(_queues, _services.GetRequiredService<DeepCopier>());

        for (int i = 0; i < 100; i++)
            Assert.True(adapter.QueueMessageBatchAsync(_stream, [new TestItem("p", i)], null, null).IsCompletedSuccessfully);

        Assert.Equal(Capacity, _meters["published"]);
        Assert.Equal(100 - Capacity, _meters["dropped"]);
        IList<IBatchContainer> items = await Queue.ReadAsync(1_000, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, Capacity), items.Select(item => item.GetEvents<TestItem>().Single().Item1.Number));
        Assert.Equal(Enumerable.Range(1, Capacity).Select(i => (long)i), items.Select(item => item.SequenceToken.SequenceNumber));
    }

    [Fact]
    public async Task QueueMessageBatch_WhenEventIsMutable_KeepsLaterChangesOut()
    {
        var adapter = new PushAdapter(_queues, _services.GetRequiredService<DeepCopier>());
        List<int> mutable = [1];
        var immutable = new TestItem("p", 1);

        await adapter.QueueMessageBatchAsync<object>(_stream, [mutable, immutable], null, null);
        mutable.Add(2);

        IList<IBatchContainer> items = await Queue.ReadAsync(10, TestContext.Current.CancellationToken);
        object[] events = [.. items.Single().GetEvents<object>().Select(item => item.Item1)];
        Assert.Equal([1], Assert.IsType<List<int>>(events[0]));
        Assert.Same(immutable, events[1]);
    }

    [Fact]
    public async Task Read_WhenEmpty_WaitsForTheNextItem()
    {
        Task<IList<IBatchContainer>> read = Queue.ReadAsync(10, TestContext.Current.CancellationToken);
        Assert.False(read.IsCompleted);

        Queue.TryPublish(_stream, ["x"], null);

        Assert.Single(await read.Meet("the reader was not woken"));
    }

    [Fact]
    public async Task Read_WhenCancelled_AnswersNothing()
    {
        using var stop = new CancellationTokenSource();
        Task<IList<IBatchContainer>> read = Queue.ReadAsync(10, stop.Token);

        await stop.CancelAsync();

        Assert.Empty(await read.Meet("the reader did not stop"));
    }

    [Fact]
    public async Task Publish_WhenManyThreads_GivesAscendingSequencesInQueueOrder()
    {
        PushQueue queue = new(10_000, _queues.Counters, new DropReport("push", TimeProvider.System, NullLogger.Instance));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 1_000; i++)
                Assert.True(queue.TryPublish(_stream, ["x"], null));
        })));

        IList<IBatchContainer> items = await queue.ReadAsync(10_000, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(1, 8_000).Select(i => (long)i), items.Select(item => item.SequenceToken.SequenceNumber));
    }
}
