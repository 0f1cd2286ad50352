using System.Threading.Channels;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Grains.Rooms;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static ChitChatz.Tests.Grains.TestMessages;

namespace ChitChatz.Tests.Grains;

public sealed class ShardReporterTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Channel<RoomListing[]> _reports = Channel.CreateUnbounded<RoomListing[]>();
    private readonly CancellationTokenSource _stop = new();
    private readonly ShardReporter _reporter;
    private readonly Task _running;
    private int _failures;

    public ShardReporterTests()
    {
        _reporter = new ShardReporter(0, TakeAsync, _time, NullLogger.Instance);
        _running = _reporter.RunAsync(_stop.Token);
    }

    [Fact]
    public async Task Report_WhenRoomsChangeTogether_SendsTheNewestOfEachOnce()
    {
        _reporter.Report(Listing("a", 1, 1));
        _reporter.Report(Listing("a", 2, 2));
        _reporter.Report(Listing("a", 1, 1));
        _reporter.Report(Listing("b", 1, 1));
        RoomListing[] report = await NextAsync();
        Assert.Equal([Listing("a", 2, 2), Listing("b", 1, 1)], report.OrderBy(listing => listing.Key));
    }

    [Fact]
    public async Task Report_WhenTheShardFails_SendsAgainWithTheNewest()
    {
        _failures = 1;
        _reporter.Report(Listing("a", 1, 1));
        await NextAsync();
        _reporter.Report(Listing("a", 2, 2));
        Assert.Equal([Listing("a", 2, 2)], await NextAsync());
    }

    [Fact]
    public async Task Renewal_WhenFifteenSecondsPassed_SendsAllListedRooms()
    {
        _reporter.Report(Listing("a", 1, 1));
        _reporter.Report(Listing("b", 1, 1));
        _reporter.Report(Listing("c", 1, 1));
        await NextAsync();
        _reporter.Report(Listing("b", 0, 2));
        await NextAsync();
        _reporter.Forget(Listing("c", 1, 1));
        _reporter.Forget(Listing("a", 1, 0));

        // "a" was forgotten by an older activation only, "b" is empty, "c" has gone.
        Assert.Equal([Listing("a", 1, 1)], await NextAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ContinueWith(_ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    private async Task TakeAsync(RoomListing[] listings)
    {
        await Task.Yield();
        await _reports.Writer.WriteAsync(listings);
        if (_failures-- > 0)
            throw new TimeoutException("told so");
    }

    /// <summary>Moves the clock in small steps until the next report comes.</summary>
    private async Task<RoomListing[]> NextAsync()
    {
        for (int step = 0; step < 2_000; step++)
        {
            if (_reports.Reader.TryRead(out RoomListing[]? report))
                return report;

            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Assert.Fail("No report came in 100 s of the clock.");
        return [];
    }
}
