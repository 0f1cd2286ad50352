using System.Diagnostics.Metrics;
using ChitChatz.Storage;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static ChitChatz.Tests.Storage.LogData;

namespace ChitChatz.Tests.Storage;

public sealed partial class LogWriterTests : IAsyncLifetime
{
    private readonly WatchedTime _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FaultyLog _log;
    private readonly LogWriter _writer;

    public LogWriterTests()
    {
        _log = new FaultyLog(_time);
        _writer = Create(_log, new LogWriterLimits(Batches: 4, Bytes: 1_000, CommitMessages: 10, CommitBytes: 500, Heads: 3));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private long Epoch => _time.Start.ToUnixTimeMilliseconds();

    public async ValueTask InitializeAsync() => await _writer.StartAsync(Token);

    public async ValueTask DisposeAsync()
    {
        await _writer.StopAsync(new CancellationToken(true));
        await _services.DisposeAsync();
    }

    private LogWriter Create(IMessageLog log, LogWriterLimits limits) =>
        new(log, _time, NullLogger<LogWriter>.Instance, new StorageInstruments(_services.GetRequiredService<IMeterFactory>()), limits);

    private static async Task<AppendResult> OutcomeAsync(Task<AppendResult> append)
    {
        try
        {
            return await append.WaitAsync(TimeSpan.FromSeconds(20));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException("The append never ended.");
        }
    }

    [Fact]
    public async Task Append_WhenTheWriterIsIdle_IsCommittedAtOnce()
    {
        var append = _writer.AppendAsync(Batch("room", Epoch, 1, 3));

        // The fake clock stands still: nothing here waits for time to pass.
        await (await _log.NextCommitAsync()).SucceedAsync();

        Assert.Same(AppendResult.Committed, await OutcomeAsync(append));
        Assert.Equal(3, (await _writer.ReadHeadAsync("room")).Head);
    }

    [Fact]
    public async Task Append_WhileACommitRuns_GoesWithTheNextTogether()
    {
        var first = _writer.AppendAsync(Batch("a", Epoch, 1));
        var running = await _log.NextCommitAsync();
        Task<AppendResult>[] waiting = [_writer.AppendAsync(Batch("b", Epoch, 1)), _writer.AppendAsync(Batch("c", Epoch, 1))];
        Assert.False(_log.HasCommit);

        await running.SucceedAsync();
        var next = await _log.NextCommitAsync();
        await next.SucceedAsync();

        Assert.Equal(["a"], running.Rooms);
        Assert.Equal(["b", "c"], next.Rooms);
        Assert.Same(AppendResult.Committed, await OutcomeAsync(first));
        Assert.All(await Task.WhenAll(waiting.Select(OutcomeAsync)), result => Assert.Same(AppendResult.Committed, result));
    }

    [Fact]
    public async Task Append_WhenTooManyMessagesWait_SplitsThemIntoCommits()
    {
        _ = _writer.AppendAsync(Batch("a", Epoch, 1));
        var running = await _log.NextCommitAsync();
        _ = _writer.AppendAsync(Batch("b", Epoch, 1, 8));
        _ = _writer.AppendAsync(Batch("c", Epoch, 1, 3));
        await running.SucceedAsync();

        var second = await _log.NextCommitAsync();
        await second.SucceedAsync();
        var third = await _log.NextCommitAsync();
        await third.SucceedAsync();

        Assert.Equal(["b"], second.Rooms);
        Assert.Equal(["c"], third.Rooms);
    }

    [Fact]
    public async Task Append_WhenOneBatchExceedsACommit_GoesAlone()
    {
        var append = _writer.AppendAsync(Batch("room", Epoch, 1, 50));

        await (await _log.NextCommitAsync()).SucceedAsync();

        Assert.Same(AppendResult.Committed, await OutcomeAsync(append));
    }

    [Fact]
    public async Task Append_WhenTooManyAreUnderWay_IsRefusedAtOnce()
    {
        var first = _writer.AppendAsync(Batch("room 0", Epoch, 1));
        var running = await _log.NextCommitAsync();
        var waiting = Enumerable.Range(1, 3).Select(i => _writer.AppendAsync(Batch($"room {i}", Epoch, 1))).ToArray();

        Assert.Same(AppendResult.Failed, await OutcomeAsync(_writer.AppendAsync(Batch("one more", Epoch, 1))));

        await running.SucceedAsync();
        await (await _log.NextCommitAsync()).SucceedAsync();
        Assert.All(await Task.WhenAll(waiting.Append(first).Select(OutcomeAsync)), result => Assert.Same(AppendResult.Committed, result));
        var after = _writer.AppendAsync(Batch("one more", Epoch, 1));
        await (await _log.NextCommitAsync()).SucceedAsync();
        Assert.Same(AppendResult.Committed, await OutcomeAsync(after));
    }

    [Fact]
    public async Task Append_WhenTooManyBytesAreUnderWay_IsRefusedAtOnce()
    {
        var large = _writer.AppendAsync(Batch("large", Epoch, Message(1, text: new string('x', 5_000))));
        var commit = await _log.NextCommitAsync();

        Assert.Same(AppendResult.Failed, await OutcomeAsync(_writer.AppendAsync(Batch("small", Epoch, 1))));

        await commit.SucceedAsync();
        Assert.Same(AppendResult.Committed, await OutcomeAsync(large));
    }

    [Fact]
    public async Task Append_WhenTheRoomHasOneUnderWayOrIsMalformed_IsNotTaken()
    {
        _ = _writer.AppendAsync(Batch("room", Epoch, 1));

        Assert.Same(AppendResult.Failed, await _writer.AppendAsync(Batch("room", Epoch, 2)));
        await Assert.ThrowsAsync<ArgumentException>(() => _writer.AppendAsync(Batch("other", Epoch, 1, 0)));
    }

    [Fact]
    public async Task Append_AsSoonAsTheOutcomeIsKnown_TakesTheRoomsNext()
    {
        for (var seq = 1; seq <= 50; seq++)
        {
            var append = _writer.AppendAsync(Batch("room", Epoch, seq));
            await (await _log.NextCommitAsync()).SucceedAsync();
            Assert.Same(AppendResult.Committed, await OutcomeAsync(append));
        }
    }

    [Fact]
    public async Task Append_WhenResultsDiffer_GivesEachRoomItsOwn()
    {
        await _log.Stored.CommitAsync([Batch("fenced", Epoch, 1), Batch("repeating", Epoch, 1)], Token);
        _ = _writer.AppendAsync(Batch("first", Epoch, 1));
        var running = await _log.NextCommitAsync();
        var fenced = _writer.AppendAsync(Batch("fenced", Epoch, 1));
        var repeating = _writer.AppendAsync(Batch("repeating", Epoch, Message(2, "id-1")));
        var fine = _writer.AppendAsync(Batch("fine", Epoch, 1));
        await running.SucceedAsync();
        await (await _log.NextCommitAsync()).SucceedAsync();

        Assert.Same(AppendResult.Fenced, await OutcomeAsync(fenced));
        Assert.Equal(1, Assert.Single((await OutcomeAsync(repeating)).Duplicates).Seq);
        Assert.Same(AppendResult.Committed, await OutcomeAsync(fine));
        Assert.False(_log.HasReadBack);
    }
}
