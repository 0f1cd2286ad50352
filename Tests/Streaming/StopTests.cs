using Orleans.Runtime;
using Xunit;

namespace ChitChatz.Tests.Streaming;

public sealed class StopTests
{
    [Fact]
    public async Task Stop_WhenGrainsPublishAtTheirDeactivation_DeliversBeforeAgentsStop()
    {
        const int Grains = 5, Items = 200;
        await using PushCluster cluster = await PushCluster.StartAsync();
        StreamId stream = PushCluster.NewStream();
        var recorder = new Recorder();
        await cluster.HostedStream(0, stream).SubscribeAsync(recorder);
        // Makes the stream known to the silo: subscriptions may live in the very silo that stops, in memory here.
        await (await cluster.Publisher(1, "first")).Publish(stream, 1);
        await recorder.Count(1);
        for (int i = 0; i < Grains; i++)
        {
            IPublisherGrain grain = await cluster.Publisher(1, $"last{i}");
            await grain.PublishWhenDeactivated(stream, Items);
        }

        await cluster.StopAsync(1).Meet(() => "the silo did not stop");

        await recorder.Count(1 + (Grains * Items));
        for (int i = 0; i < Grains; i++)
            Assert.Equal(Enumerable.Range(0, Items), recorder.NumbersOf($"last{i}"));
    }

    [Fact]
    public async Task Stop_WhenGrainWasPublishing_DeliversWhatWasPublishedBefore()
    {
        const int Items = 3_000;
        await using PushCluster cluster = await PushCluster.StartAsync(o => o.StopDrainTime = TimeSpan.FromSeconds(20));
        StreamId stream = PushCluster.NewStream();
        var recorder = new Recorder();
        await cluster.ClientStream(stream).SubscribeAsync(recorder);
        IPublisherGrain publisher = await cluster.Publisher(1, "busy");

        await publisher.Publish(stream, Items);
        await cluster.StopAsync(1).Meet(() => "the silo did not stop");

        await recorder.Count(Items);
        Assert.Equal(Enumerable.Range(0, Items), recorder.NumbersOf("busy"));
    }
}
