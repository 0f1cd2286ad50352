using ChitChatz.Storage;
using Xunit;
using static ChitChatz.Tests.Storage.LogData;

namespace ChitChatz.Tests.Storage;

public sealed partial class LogWriterTests
{
    [Fact]
    public async Task Append_BeforeTheStart_IsRefused()
    {
        await using var writer = Create(new FaultyLog(_time), new LogWriterLimits());

        Assert.Same(AppendResult.Failed, await OutcomeAsync(writer.AppendAsync(Batch("room", Epoch, 1))));
        await Assert.ThrowsAsync<LogUnavailableException>(() => writer.ReadHeadAsync("room"));
    }

    [Fact]
    public async Task Stop_WhenAppendsWait_CommitsThemAndClosesTheLogLast()
    {
        var running = _writer.AppendAsync(Batch("a", Epoch, 1));
        var first = await _log.NextCommitAsync();
        var waiting = _writer.AppendAsync(Batch("b", Epoch, 1));

        var stopped = _writer.StopAsync(Token);
        Assert.Same(AppendResult.Failed, await OutcomeAsync(_writer.AppendAsync(Batch("late", Epoch, 1))));
        await first.SucceedAsync();
        var second = await _log.NextCommitAsync();
        Assert.False(_log.Closed);
        Assert.False(stopped.IsCompleted);
        await second.SucceedAsync();
        await stopped.WaitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.Same(AppendResult.Committed, await OutcomeAsync(running));
        Assert.Same(AppendResult.Committed, await OutcomeAsync(waiting));
        Assert.True(_log.Closed);
    }

    [Fact]
    public async Task Stop_WhenPatienceEnds_TellsEachAppendWhatIsKnown()
    {
        _log.FailReads(int.MaxValue);
        var unclear = _writer.AppendAsync(Batch("unclear", Epoch, 1));
        (await _log.NextCommitAsync()).LoseAnswer();
        await _time.AssertNextTimerAsync(TimeSpan.FromMilliseconds(50));
        var stalled = _writer.AppendAsync(Batch("stalled", Epoch, 1));
        await _log.NextCommitAsync();
        var untried = _writer.AppendAsync(Batch("untried", Epoch, 1));

        await _writer.StopAsync(new CancellationToken(true)).WaitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.True((await Assert.ThrowsAsync<LogUnavailableException>(() => OutcomeAsync(unclear))).OutcomeUnclear);
        Assert.True((await Assert.ThrowsAsync<LogUnavailableException>(() => OutcomeAsync(stalled))).OutcomeUnclear);
        Assert.Same(AppendResult.Failed, await OutcomeAsync(untried));
        Assert.True(_log.Closed);
    }

    [Fact]
    public async Task ReadHead_WhileAQueryRuns_GoesWithTheNextTogether()
    {
        var held = _log.HeadsHeld = new TaskCompletionSource();
        await _log.Stored.CommitAsync([Batch("a", Epoch, 1, 2)], Token);
        var first = _writer.ReadHeadAsync("a");
        Assert.True(await _log.HeadReadStarted.WaitAsync(TimeSpan.FromSeconds(20), Token), "The writer never asked for heads.");
        Task<RoomHead>[] next = [_writer.ReadHeadAsync("a"), _writer.ReadHeadAsync("b"), _writer.ReadHeadAsync("a"), _writer.ReadHeadAsync("c")];
        await Assert.ThrowsAsync<LogUnavailableException>(() => _writer.ReadHeadAsync("beyond the limit"));

        _log.HeadsHeld = null;
        held.SetResult();

        Assert.Equal(2, (await first).Head);
        Assert.Equal([2, 0, 2, 0], (await Task.WhenAll(next)).Select(head => head.Head));
        Assert.Equal([1, 3], _log.HeadReads);
    }

    [Fact]
    public async Task ReadHead_WhenTheLogCannotRead_ThrowsAndRecovers()
    {
        _log.FailReads(1);

        await Assert.ThrowsAsync<LogUnavailableException>(() => _writer.ReadHeadAsync("room"));
        Assert.False(_writer.Health.Healthy);

        Assert.Equal(new RoomHead(Epoch, 0, null), await _writer.ReadHeadAsync("room"));
        Assert.True(_writer.Health.Healthy);
    }
}
