using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace ChitChatz.Streaming;

/// <summary>The client's side. Subscribing needs no adapter; publishing has no queue to go to, and says so.</summary>
internal sealed class ConsumeOnlyAdapterFactory(string name) : IQueueAdapterFactory, IQueueAdapter
{
    public string Name => name;

    public bool IsRewindable => false;

    // Not ReadOnly: Orleans would answer a publisher that "the provider is ReadOnly", without the reason.
    public StreamProviderDirection Direction => StreamProviderDirection.ReadWrite;

    public Task QueueMessageBatchAsync<T>(StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext) =>
        throw new NotSupportedException(
            $"A client cannot publish on the push streams '{name}': their queues live in the silo that publishes. Call a grain that publishes, or publish from a silo's hosted client.");

    public Task<IQueueAdapter> CreateAdapter(CancellationToken cancellationToken) => Task.FromResult<IQueueAdapter>(this);

    [Obsolete("Orleans calls the overload with a CancellationToken.")]
    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => throw OnlyInSilos();

    public IQueueAdapterCache GetQueueAdapterCache() => throw OnlyInSilos();

    public IStreamQueueMapper GetStreamQueueMapper() => throw OnlyInSilos();

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) => throw OnlyInSilos();

    private NotSupportedException OnlyInSilos() => new($"The queues of the push streams '{name}' live in silos only.");
}
