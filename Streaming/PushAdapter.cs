using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Streams;

namespace ChitChatz.Streaming;

/// <summary>The silo's side: publishes into this silo's own queues, so an item makes one network hop, to its subscriber.</summary>
internal sealed class PushAdapter(PushQueues queues, DeepCopier copier) : IQueueAdapter
{
    public string Name => queues.Name;

    // The log replays, not the stream.
    public bool IsRewindable => false;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadWrite;

    public Task QueueMessageBatchAsync<T>(StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext)
    {
        if (token is not null)
            throw new ArgumentException("Push streams number their items themselves; publish without a sequence token.", nameof(token));

        // The copy keeps a publisher's later changes out of what is on its way; of an [Immutable] event it is the event itself.
        object[] copies = [.. events.Select(@event => (object)copier.Copy(@event)!)];
        if (copies.Length > 0)
            queues.For(streamId).TryPublish(streamId, copies, requestContext);
        return Task.CompletedTask;
    }

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => new PushReceiver(queues[queueId]);
}
