using ChitChatz.Storage;
using Xunit;
using static ChitChatz.Tests.Storage.LogData;

namespace ChitChatz.Tests.Storage;

public sealed partial class LogWriterTests
{
    [Fact]
    public async Task Append_WhenTheLogSaysADefiniteNo_FailsWithoutReading()
    {
        var append = _writer.AppendAsync(Batch("room", Epoch, 1));
        (await _log.NextCommitAsync()).Fail();

        Assert.Same(AppendResult.Failed, await OutcomeAsync(append));
        Assert.False(_log.HasReadBack);
        Assert.Equal(new LogHealth(false, "The test's disk is full."), _writer.Health);

        var again = _writer.AppendAsync(Batch("room", Epoch, 1));
        await (await _log.NextCommitAsync()).SucceedAsync();
        Assert.Same(AppendResult.Committed, await OutcomeAsync(again));
        Assert.True(_writer.Health.Healthy);
    }

    [Fact]
    public async Task Health_WhenNothingIsTriedAnyMore_ForgetsTheProblem()
    {
        var append = _writer.AppendAsync(Batch("room", Epoch, 1));
        (await _log.NextCommitAsync()).Fail();
        await OutcomeAsync(append);

        _time.Advance(LogHealth.Memory);
        Assert.False(_writer.Health.Healthy);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_writer.Health.Healthy);
    }

    [Fact]
    public async Task Append_WhenStoredButTheAnswerWasLost_FindsItsRows()
    {
        var append = _writer.AppendAsync(Batch("room", Epoch, 1, 3));
        await (await _log.NextCommitAsync()).StoreAndLoseAnswerAsync();

        Assert.Same(AppendResult.Committed, await OutcomeAsync(append));
        Assert.False(_log.HasCommit);
    }

    [Fact]
    public async Task Append_WhenNotStoredAndTheAnswerWasLost_IsAppendedAgain()
    {
        var append = _writer.AppendAsync(Batch("room", Epoch, 1, 3));
        (await _log.NextCommitAsync()).LoseAnswer();
        await (await _log.NextCommitAsync()).SucceedAsync();

        Assert.Same(AppendResult.Committed, await OutcomeAsync(append));
        Assert.Equal(3, (await _writer.ReadHeadAsync("room")).Head);
    }

    [Fact]
    public async Task Append_WhenAbsentAndThenRefused_Fails()
    {
        var append = _writer.AppendAsync(Batch("room", Epoch, 1));
        (await _log.NextCommitAsync()).LoseAnswer();
        (await _log.NextCommitAsync()).Fail();

        Assert.Same(AppendResult.Failed, await OutcomeAsync(append));
    }

    [Fact]
    public async Task Append_WhenALostCommitComesLate_FindsItsRowsBehindTheConflict()
    {
        var batch = Batch("room", Epoch, 1, 2);
        var append = _writer.AppendAsync(batch);
        (await _log.NextCommitAsync()).LoseAnswer();
        var again = await _log.NextCommitAsync();

        // The first statement was still on its way when the rows were read back, and arrives now.
        await _log.Stored.CommitAsync([batch], Token);
        await again.SucceedAsync();

        Assert.Same(AppendResult.Committed, await OutcomeAsync(append));
    }

    [Theory]
    [InlineData("another id", 0)]
    [InlineData("id-1", 1)]
    public async Task Append_WhenForeignRowsAreFound_IsFenced(string id, long later)
    {
        var append = _writer.AppendAsync(Batch("room", Epoch, 1));
        var commit = await _log.NextCommitAsync();
        var foreign = Message(1, id);
        await _log.Stored.CommitAsync([Batch("room", Epoch, foreign with { At = foreign.At + later })], Token);
        commit.LoseAnswer();

        Assert.Same(AppendResult.Fenced, await OutcomeAsync(append));
        Assert.False(_log.HasCommit);
    }

    [Fact]
    public async Task Append_WhenForeignRowsComeBeforeTheSecondTry_IsFenced()
    {
        var append = _writer.AppendAsync(Batch("room", Epoch, 1));
        (await _log.NextCommitAsync()).LoseAnswer();
        var again = await _log.NextCommitAsync();
        await _log.Stored.CommitAsync([Batch("room", Epoch, Message(1, "another"))], Token);
        await again.SucceedAsync();

        Assert.Same(AppendResult.Fenced, await OutcomeAsync(append));
    }

    [Fact]
    public async Task Append_WhenTheIdCameElsewhereBeforeTheSecondTry_GivesTheDuplicate()
    {
        await _log.Stored.CommitAsync([Batch("room", Epoch, Message(1, "same"))], Token);
        var append = _writer.AppendAsync(Batch("room", Epoch, Message(2, "same")));
        (await _log.NextCommitAsync()).LoseAnswer();
        await (await _log.NextCommitAsync()).SucceedAsync();

        var result = await OutcomeAsync(append);
        Assert.Equal(AppendStatus.Duplicates, result.Status);
        Assert.Equal(1, Assert.Single(result.Duplicates).Seq);
    }

    [Fact]
    public async Task Append_WhenReadingBackFails_TriesAgainWithBackoffAndDelaysNobody()
    {
        _log.FailReads(3);
        var troubled = _writer.AppendAsync(Batch("troubled", Epoch, 1));
        await (await _log.NextCommitAsync()).StoreAndLoseAnswerAsync();
        Assert.Equal("troubled", await _log.NextReadBackAsync());

        // Time stands still, so the troubled room waits; the others do not.
        for (var seq = 1; seq <= 3; seq++)
        {
            var other = _writer.AppendAsync(Batch("other", Epoch, seq));
            var commit = await _log.NextCommitAsync();
            Assert.Equal(["other"], commit.Rooms);
            await commit.SucceedAsync();
            Assert.Same(AppendResult.Committed, await OutcomeAsync(other));
        }

        Assert.False(troubled.IsCompleted);
        foreach (var milliseconds in new[] { 50, 100, 200 })
            await AdvanceToReadBackAsync(milliseconds);

        Assert.Same(AppendResult.Committed, await OutcomeAsync(troubled));
    }

    [Fact]
    public async Task Append_WhenTheLogThrowsSomethingElse_ReadsBack()
    {
        var append = _writer.AppendAsync(Batch("room", Epoch, 1));
        (await _log.NextCommitAsync()).Break();
        await (await _log.NextCommitAsync()).SucceedAsync();

        Assert.Same(AppendResult.Committed, await OutcomeAsync(append));
    }

    [Fact]
    public async Task Append_WhenUnclearAgainAndAgain_WaitsBeforeEachFurtherTry()
    {
        var append = _writer.AppendAsync(Batch("room", Epoch, 1));
        (await _log.NextCommitAsync()).LoseAnswer();
        Assert.Equal("room", await _log.NextReadBackAsync());
        (await _log.NextCommitAsync()).LoseAnswer();
        await AdvanceToReadBackAsync(50);
        (await _log.NextCommitAsync()).LoseAnswer();
        await AdvanceToReadBackAsync(100);
        await (await _log.NextCommitAsync()).SucceedAsync();

        Assert.Same(AppendResult.Committed, await OutcomeAsync(append));
    }

    /// <summary>Lets the given time pass, and not a millisecond more, until the writer reads back.</summary>
    private async Task AdvanceToReadBackAsync(int milliseconds)
    {
        await _time.AssertNextTimerAsync(TimeSpan.FromMilliseconds(milliseconds));
        Assert.False(_log.HasReadBack);
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        await _log.NextReadBackAsync();
    }
}
