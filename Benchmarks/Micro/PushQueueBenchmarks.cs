using BenchmarkDotNet.Attributes;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Streaming;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using Orleans.Streams;

namespace ChitChatz.Benchmarks.Micro;

/// <summary>The stream provider's own part of the way from silo to gateway: into the queue, out of it, into the cache, to the subscriber's cursor.</summary>
[MemoryDiagnoser]
public class PushQueueBenchmarks
{
    private readonly StreamId _inbox = StreamNames.Inbox(GatewayId.New());
    private readonly MessagesPushed _item = new(Samples.Room, Samples.Epoch, Samples.Messages(after: 0, 1));
    private PushQueue _queue = null!;
    private PushQueueCache _cache = null!;
    private IQueueCacheCursor _cursor = null!;

    /// <summary>How many items come at once.</summary>
    [Params(1, 64)]
    public int Items { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        PushStreamOptions options = new();
        PushQueues queues = new(StreamNames.Provider, options, new StreamingInstruments(Samples.Meters), TimeProvider.System, NullLogger.Instance);
        _queue = queues.For(_inbox);
        _cache = new PushQueueCache(_queue.Progress, options, queues.Counters, TimeProvider.System);
        _cursor = _cache.TryGetCacheCursor(_inbox, token: null).Cursor!;
    }

    [Benchmark]
    public async Task<int> PublishAndTake()
    {
        for (int i = 0; i < Items; i++)
            _queue.TryPublish(_inbox, [_item], requestContext: null);

        _cache.TryPurgeFromCache(out _);
        _cache.AddToCache(await _queue.ReadAsync(Items, CancellationToken.None));
        int taken = 0;
        while (_cursor.MoveNextWithResult() == QueueCacheCursorMoveResult.Success)
            taken++;

        // The agent's coming back says that the batch was delivered.
        _cursor.MoveNextWithResult();
        return taken == Items ? taken : throw new InvalidOperationException($"{taken} items came.");
    }
}
