using System.Threading.Channels;
using Orleans.Runtime;
using Orleans.Streams;

namespace ChitChatz.Streaming;

/// <summary>
/// One bounded queue in memory: any thread publishes, one agent reads. Full policy: the new item is dropped and counted, since
/// the log has it and a publishing grain must neither wait nor fail.
/// </summary>
internal sealed class PushQueue(int capacity, StreamingCounters counters, DropReport drops)
{
    private readonly Channel<PushBatchContainer> _channel = Channel.CreateBounded<PushBatchContainer>(
        new BoundedChannelOptions(capacity) { SingleReader = true });
    private readonly Lock _publishing = new();
    private long _sequence;

    public StreamProgress Progress { get; } = new();

    /// <summary>Puts one item at the end. False: the queue was full and the item is lost.</summary>
    public bool TryPublish(StreamId stream, object[] events, Dictionary<string, object>? requestContext)
    {
        // Sequence and place in the queue are given together: the cache relies on ascending sequences.
        lock (_publishing)
        {
            // Only this method adds, so a queue that has room here has it below too.
            if (_channel.Reader.Count < capacity)
            {
                var container = new PushBatchContainer(stream, ++_sequence, events, requestContext);
                // Noted first: the agent may have delivered the item before TryWrite returns.
                Progress.Published(stream, container.Sequence);
                _channel.Writer.TryWrite(container);
                counters.Published();
                return true;
            }
        }

        counters.Dropped();
        drops.Dropped();
        return false;
    }

    /// <summary>Waits for items and takes up to <paramref name="maxCount"/>; none when cancelled.</summary>
    public async Task<IList<IBatchContainer>> ReadAsync(int maxCount, CancellationToken cancellationToken)
    {
        try
        {
            // Without the yield an agent whose queue never runs empty would read on and on in one turn and deliver nothing.
            if (_channel.Reader.TryPeek(out _))
                await Task.Yield();
            else if (!await _channel.Reader.WaitToReadAsync(cancellationToken))
                return [];
        }
        catch (OperationCanceledException)
        {
            // An answer, not an exception: the agent would log one as a failed read, for each queue at every stop.
            return [];
        }

        var items = new List<IBatchContainer>(Math.Min(maxCount, _channel.Reader.Count));
        while (items.Count < maxCount && _channel.Reader.TryRead(out PushBatchContainer? item))
            items.Add(item);
        return items;
    }
}
