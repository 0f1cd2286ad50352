using System.Diagnostics.Metrics;
using ChitChatz.Streaming;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;
using Xunit;

namespace ChitChatz.Tests.Streaming;

public sealed class PushQueueCacheTests : IDisposable
{
    private const int Ring = 20, Batch = 4;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _time = new();
    private readonly StreamProgress _progress = new();
    private readonly MeterReadings _meters;
    private readonly PushQueueCache _cache;
    private readonly StreamId _stream = PushCluster.NewStream();
    private long _sequence;

    public PushQueueCacheTests()
    {
        IMeterFactory factory = _services.GetRequiredService<IMeterFactory>();
        _meters = new MeterReadings(factory);
        var options = new PushStreamOptions { StreamCacheCapacity = Ring, BatchSize = Batch };
        _cache = new PushQueueCache(_progress, options, new StreamingInstruments(factory).For("push"), _time);
    }

    public void Dispose()
    {
        _meters.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Cursor_WhenWithoutToken_StartsAtWhatComesNext()
    {
        Add(3);
        IQueueCacheCursor cursor = Cursor(null);
        Assert.Empty(Take(cursor));
        Add(2);
        Assert.Equal([4, 5], Take(cursor));
    }

    [Fact]
    public void Cursor_WhenTokenIsKept_StartsThere()
    {
        Add(5);
        Assert.Equal([3, 4, 5], Take(Cursor(3)));
    }

    [Fact]
    public void Cursor_WhenTokenIsGone_StartsAtTheOldestKept()
    {
        using IQueueCacheCursor pin = Cursor(1);
        Add(Ring + 5);
        Assert.Equal(Enumerable.Range(6, Batch), Take(Cursor(1)));
        Assert.Equal(5, _meters["evicted"]);
    }

    [Fact]
    public void Cursor_WhenTooSlow_SkipsWhatWasEvictedAndGoesOn()
    {
        IQueueCacheCursor slow = Cursor(null), quick = Cursor(null);
        Add(2);
        Assert.Equal([1, 2], Take(quick));
        Add(Ring);

        Assert.False(_cache.IsUnderPressure());
        Assert.Equal(2, _meters["evicted"]);
        Assert.Equal([3, 4, 5, 6], Take(slow));
        Assert.Equal([3, 4, 5, 6], Take(quick));
    }

    [Fact]
    public void Add_WhenAllReadersAreThrough_EvictsNothing()
    {
        IQueueCacheCursor cursor = Cursor(null);
        for (int i = 0; i < 50; i++)
        {
            Add(3);
            Assert.Equal(3, Take(cursor).Count);
            _cache.TryPurgeFromCache(out _);
        }

        Assert.Equal(0, _meters["evicted"]);
    }

    [Fact]
    public void Cursor_WhenHandshakeEndsAfterOthersHaveRead_StillGetsTheShortTail()
    {
        IQueueCacheCursor first = Cursor(null);
        Add(3);
        Take(first);
        Take(first);
        _cache.TryPurgeFromCache(out _);

        Assert.Equal([2, 3], Take(Cursor(2)));
    }

    [Fact]
    public void WhenSettled_WhenBatchIsOnItsWay_WaitsForTheAgentToComeBack()
    {
        IQueueCacheCursor cursor = Cursor(null);
        Add(2);
        Task settled = _progress.WhenSettled(_stream);
        Assert.Equal([1, 2], Take(cursor));
        Assert.False(settled.IsCompleted);

        Assert.Empty(Take(cursor));

        Assert.True(settled.IsCompletedSuccessfully);
        Assert.Equal(1, _meters["delivered.batches"]);
        Assert.Equal(2, _meters["delivered.items"]);
    }

    [Fact]
    public void WhenSettled_WhenBatchesAreFullAndItemsGoOn_WaitsForTheEarlierOnesOnly()
    {
        IQueueCacheCursor cursor = Cursor(null);
        Add(Batch);
        Task settled = _progress.WhenSettled(_stream);
        Add(5 * Batch - Batch);
        Assert.Equal([1, 2, 3, 4], Take(cursor));
        Assert.False(settled.IsCompleted);

        Assert.Equal([5, 6, 7, 8], Take(cursor));

        Assert.True(settled.IsCompletedSuccessfully);
        Assert.False(_progress.WhenSettled(_stream).IsCompleted);
    }

    [Fact]
    public void WhenSettled_WhenReaderLeaves_DoesNotWaitForIt()
    {
        IQueueCacheCursor cursor = Cursor(null);
        Add(2);
        Task settled = _progress.WhenSettled(_stream);
        Assert.False(settled.IsCompleted);

        cursor.Dispose();

        Assert.True(settled.IsCompletedSuccessfully);
        Assert.Empty(Take(cursor));
    }

    [Fact]
    public void Deliver_WhenItFailed_IsNotCountedAsDelivered()
    {
        IQueueCacheCursor cursor = Cursor(null);
        Add(2);
        Take(cursor);
        cursor.RecordDeliveryFailure();
        Take(cursor);
        Assert.Equal(0, _meters["delivered.batches"]);
    }

    [Fact]
    public void Purge_WhenStreamHasNoReaderForLong_ForgetsIt()
    {
        Add(3);
        _time.Advance(TimeSpan.FromMinutes(1));
        _cache.TryPurgeFromCache(out _);
        Assert.Empty(Take(Cursor(1)));
    }

    private void Add(int count)
    {
        var items = new List<IBatchContainer>();
        for (int i = 0; i < count; i++)
        {
            _progress.Published(_stream, ++_sequence);
            items.Add(new PushBatchContainer(_stream, _sequence, ["x"], null));
        }

        _cache.AddToCache(items);
    }

    private IQueueCacheCursor Cursor(long? sequence) =>
        _cache.TryGetCacheCursor(_stream, sequence is { } number ? new EventSequenceTokenV2(number) : null).Cursor!;

    /// <summary>One batch, taken as an agent takes it: up to the batch size, or until the cursor has no more.</summary>
    private static List<int> Take(IQueueCacheCursor cursor)
    {
        var taken = new List<int>();
        while (taken.Count < Batch && cursor.MoveNextWithResult().Kind == QueueCacheCursorMoveResultKind.Success)
            taken.Add((int)cursor.GetCurrent(out _)!.SequenceToken.SequenceNumber);
        return taken;
    }
}
