using ChitChatz.Streaming;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Streams;

namespace ChitChatz.Tests.Streaming;

public sealed class PublisherGrain([FromKeyedServices(PushCluster.Provider)] IPushQueues queues, ILocalSiloDetails silo) : Grain, IPublisherGrain
{
    private (StreamId Stream, int Count)? _lastWords;

    public Task<SiloAddress> Where() => Task.FromResult(silo.SiloAddress);

    public async Task Publish(StreamId stream, int count, int first = 0)
    {
        IAsyncStream<TestItem> target = Stream(stream);
        for (int i = first; i < first + count; i++)
            await target.OnNextAsync(new TestItem(this.GetPrimaryKeyString(), i));
    }

    public Task Relay(StreamId from, StreamId to) => Stream(from).SubscribeAsync((item, _) => Stream(to).OnNextAsync(item));

    public Task PublishWhenDeactivated(StreamId stream, int count)
    {
        _lastWords = (stream, count);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_lastWords is not var (stream, count))
            return;
        await Publish(stream, count);
        await queues.WhenDrainedAsync(stream, TimeSpan.FromSeconds(5), CancellationToken.None);
    }

    private IAsyncStream<TestItem> Stream(StreamId stream) => this.GetStreamProvider(PushCluster.Provider).GetStream<TestItem>(stream);
}
