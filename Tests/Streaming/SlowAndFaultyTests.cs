using ChitChatz.Streaming;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Streams;
using Xunit;

namespace ChitChatz.Tests.Streaming;

public sealed class SlowAndFaultyTests
{
    [Fact]
    public async Task Deliver_WhenSubscriberThrowsOnce_RepeatsItsBatchAndSparesTheOthers()
    {
        await using PushCluster cluster = await PushCluster.StartAsync();
        StreamId stream = PushCluster.NewStream();
        int calls = 0;
        var faulty = new Recorder(item => item.Number == 5 && Interlocked.Increment(ref calls) == 1
            ? Task.FromException(new InvalidOperationException("once"))
            : Task.CompletedTask);
        var healthy = new Recorder();
        await cluster.ClientStream(stream).SubscribeAsync(faulty);
        await cluster.ClientStream(stream).SubscribeAsync(healthy);
        IPublisherGrain publisher = await cluster.Publisher(0, "p");

        await publisher.Publish(stream, 10);

        await healthy.Count(10);
        Assert.Equal(Enumerable.Range(0, 10), healthy.NumbersOf("p"));
        // At least once: the batch comes again from its start, so its items before the fault may come twice, in order.
        await faulty.Until(items => items.Count > 0 && items[^1].Number == 9, items => $"the last item is missing after {items.Count}");
        Assert.Equal(Enumerable.Range(0, 10), faulty.NumbersOf("p").Distinct());
        Assert.Equal(2, calls);
        Assert.False(faulty.Error.IsCompleted);
    }

    [Fact]
    public async Task Deliver_WhenSubscriberAlwaysThrowsOnOneItem_GivesUpAndGoesOn()
    {
        await using PushCluster cluster = await PushCluster.StartAsync(o => o.MaxEventDeliveryTime = TimeSpan.FromMilliseconds(200));
        using MeterReadings meters = cluster.Meters(0);
        StreamId stream = PushCluster.NewStream();
        var faulty = new Recorder(item => item.Number == 0
            ? Task.FromException(new InvalidOperationException("always"))
            : Task.CompletedTask);
        await cluster.ClientStream(stream).SubscribeAsync(faulty);
        IPublisherGrain publisher = await cluster.Publisher(0, "p");

        await publisher.Publish(stream, 1);
        Assert.IsType<StreamEventDeliveryFailureException>(await faulty.Error.Meet("OnErrorAsync was not called"));
        await publisher.Publish(stream, 10, first: 1);

        await faulty.Count(10);
        Assert.Equal(Enumerable.Range(1, 10), faulty.NumbersOf("p"));
        await meters.AtLeast("failed", 1);
    }

    [Fact]
    public async Task Deliver_WhenSubscriberStalls_EvictsForItAloneAndNeverHoldsThePublisher()
    {
        const int Items = 2_000, Ring = 64;
        await using PushCluster cluster = await PushCluster.StartAsync(o =>
        {
            (o.QueueCount, o.StreamCacheCapacity, o.BatchSize) = (1, Ring, 8);
            o.MaxEventDeliveryTime = TimeSpan.FromSeconds(20);
        });
        using MeterReadings meters = cluster.Meters(0);
        StreamId stalled = PushCluster.NewStream(), lively = PushCluster.NewStream();
        TaskCompletionSource release = new(), entered = new();
        var slow = new Recorder(_ =>
        {
            entered.TrySetResult();
            return release.Task;
        });
        var quick = new Recorder();
        // In another process, so to speak: a client takes one delivery after the other, whatever the stream.
        await cluster.HostedStream(1, stalled).SubscribeAsync(slow);
        await cluster.ClientStream(lively).SubscribeAsync(quick);
        IPublisherGrain publisher = await cluster.Publisher(0, "p");
        await publisher.Publish(stalled, 1);
        await entered.Task.Meet(() => "the slow subscriber got nothing");

        // The publisher's call returns although nobody takes its items; the other stream shares the queue and goes on.
        await publisher.Publish(stalled, Items, first: 1).Meet(() => "the publisher was held up");
        for (int i = 0; i < 20; i++)
        {
            await publisher.Publish(lively, 1, first: i);
            await quick.Count(i + 1);
        }

        await meters.AtLeast("evicted", 1);
        release.SetResult();
        await slow.Until(items => items.Any(item => item.Number == Items), items => $"the newest item is missing after {items.Count}");
        await meters.AtLeast("evicted", Items + 1 - slow.Items.Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 20), quick.NumbersOf("p"));
        Assert.Equal(slow.NumbersOf("p").Order(), slow.NumbersOf("p"));
        Assert.Equal(Enumerable.Range(Items - Ring + 1, Ring), slow.NumbersOf("p").TakeLast(Ring));
        Assert.Equal(0, meters["dropped"]);
    }

    [Fact]
    public async Task WhenDrained_WhenSubscriberIsSlow_WaitsForItAndNotForLaterItems()
    {
        await using PushCluster cluster = await PushCluster.StartAsync(silos: 1);
        StreamId stream = PushCluster.NewStream();
        IPushQueues queues = cluster.Services(0).GetRequiredKeyedService<IPushQueues>(PushCluster.Provider);
        TaskCompletionSource release = new(), later = new(), entered = new();
        var recorder = new Recorder(item =>
        {
            entered.TrySetResult();
            return item.Number < 10 ? release.Task : later.Task;
        });
        await cluster.ClientStream(stream).SubscribeAsync(recorder);
        IPublisherGrain publisher = await cluster.Publisher(0, "p");
        await publisher.Publish(stream, 1);
        await entered.Task.Meet(() => "the subscriber got nothing");

        Assert.False(await queues.WhenDrainedAsync(stream, TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken));
        Task<bool> drained = queues.WhenDrainedAsync(stream, Deadline.Time, TestContext.Current.CancellationToken);
        await publisher.Publish(stream, 1, first: 10);
        release.SetResult();

        Assert.True(await drained);
        later.SetResult();
        Assert.True(await queues.WhenDrainedAsync(Deadline.Time, TestContext.Current.CancellationToken));
        Assert.Equal([0, 10], recorder.NumbersOf("p"));
    }

    [Fact]
    public async Task WhenDrained_WhenNobodySubscribed_DoesNotWaitForAnybody()
    {
        await using PushCluster cluster = await PushCluster.StartAsync(silos: 1);
        StreamId stream = PushCluster.NewStream();
        IPublisherGrain publisher = await cluster.Publisher(0, "p");
        await publisher.Publish(stream, 10);

        IPushQueues queues = cluster.Services(0).GetRequiredKeyedService<IPushQueues>(PushCluster.Provider);
        Assert.True(await queues.WhenDrainedAsync(stream, Deadline.Time, TestContext.Current.CancellationToken));
    }
}
