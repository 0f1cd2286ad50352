using ChitChatz.Grains.Abstractions;
using ChitChatz.Grains.Rooms;
using ChitChatz.Storage;
using Xunit;
using static ChitChatz.Tests.Grains.TestMessages;

namespace ChitChatz.Tests.Grains;

public sealed class RoomAppendsTests
{
    private readonly RoomAppends _appends = Opened(new RoomLimits());

    [Fact]
    public void NextBatch_WhenDraftsWait_NumbersThemFromTheHead()
    {
        Take("a");
        Take("b");
        ChatMessage[] batch = _appends.NextBatch(9);
        Assert.Equal([("a", 11L, 9L), ("b", 12L, 9L)], batch.Select(message => (message.Id, message.Seq, message.At)));
        Assert.Equal(10, _appends.Head);
        Assert.Equal(2, _appends.InFlight);
    }

    [Fact]
    public void NextBatch_WhenOneIsInFlight_IsEmpty()
    {
        Take("a");
        _appends.NextBatch(1);
        Take("b");
        Assert.Empty(_appends.NextBatch(1));
        Assert.Equal(1, _appends.Waiting);
    }

    [Fact]
    public void NextBatch_WhenBoundsAreReached_LeavesTheRest()
    {
        RoomAppends appends = Opened(new RoomLimits { BatchMessages = 3, BatchBytes = 10 });
        PostCall call = new(4);
        string[] texts = ["12345678901234567890", "1", "2", "3"];
        for (int i = 0; i < texts.Length; i++)
            appends.Take(Draft("m" + i, texts[i]), true, call, i);

        Assert.Single(appends.NextBatch(1));
        appends.Commit();
        appends.Answer();
        Assert.Equal([12L, 13L, 14L], appends.NextBatch(1).Select(message => message.Seq));
    }

    [Fact]
    public void Answer_WhenCommitted_StoresInOrder()
    {
        PostCall call = new(2);
        _appends.Take(Draft("a"), true, call, 0);
        _appends.Take(Draft("b"), true, call, 1);
        _appends.NextBatch(9);
        _appends.Commit();
        Assert.False(call.Done.IsCompleted);
        Assert.Equal(12, _appends.Head);

        _appends.Answer();
        Assert.True(call.Done.IsCompletedSuccessfully);
        Assert.Equal([new PostResult(PostStatus.Stored, 11, 9), new PostResult(PostStatus.Stored, 12, 9)], call.Results);
        Assert.Equal(0, _appends.InFlight);
    }

    [Theory]
    [InlineData(false, "hi", PostStatus.Stored)]
    [InlineData(true, "hi", PostStatus.Stored)]
    [InlineData(false, "other", PostStatus.IdConflict)]
    [InlineData(true, "other", PostStatus.IdConflict)]
    public void Take_WhenIdIsPending_SharesTheOutcome(bool inFlight, string text, PostStatus expected)
    {
        Take("a");
        if (inFlight)
            _appends.NextBatch(9);

        PostCall repeat = new(1);
        // Even a stranger's repeat shares what is on its way.
        Assert.Equal(TakeOutcome.Shared, _appends.Take(Draft("a", text), false, repeat, 0));
        _appends.NextBatch(9);
        _appends.Commit();
        _appends.Answer();
        Assert.Equal([new PostResult(expected, 11, 9)], repeat.Results);
        Assert.Equal(11, _appends.Head);
    }

    [Fact]
    public void Take_WhenSameIdComesFromAnotherSub_IsAnotherMessage()
    {
        Take("a");
        Assert.Equal(TakeOutcome.Taken, _appends.Take(Draft("a", sub: "bob"), true, new PostCall(1), 0));
        Assert.Equal(2, _appends.NextBatch(1).Length);
    }

    [Fact]
    public void Take_WhenItMayNotBeStoredAndIsNotPending_IsNotAllowed() =>
        Assert.Equal(TakeOutcome.NotAllowed, _appends.Take(Draft("a"), false, new PostCall(1), 0));

    [Fact]
    public void Take_WhenTooManyWait_IsFullButStillSharesRepeats()
    {
        RoomAppends appends = Opened(new RoomLimits { WaitingDrafts = 1 });
        PostCall call = new(3);
        Assert.Equal(TakeOutcome.Taken, appends.Take(Draft("a"), true, call, 0));
        Assert.Equal(TakeOutcome.Full, appends.Take(Draft("b"), true, call, 1));
        Assert.Equal(TakeOutcome.Shared, appends.Take(Draft("a"), true, call, 1));
        appends.NextBatch(1);
        Assert.Equal(TakeOutcome.Taken, appends.Take(Draft("b"), true, call, 2));
    }

    [Fact]
    public void Take_WhenTooManyBytesWait_IsFullUntilTheyAreTaken()
    {
        RoomAppends appends = Opened(new RoomLimits { WaitingBytes = 3 });
        PostCall call = new(3);
        Assert.Equal(TakeOutcome.Taken, appends.Take(Draft("a", "12"), true, call, 0));
        Assert.Equal(TakeOutcome.Full, appends.Take(Draft("b", "34"), true, call, 1));
        appends.NextBatch(1);
        Assert.Equal(TakeOutcome.Taken, appends.Take(Draft("b", "34"), true, call, 1));
    }

    [Fact]
    public void TryDropDuplicates_WhenSomeWereStored_AnswersThemAndRenumbersTheRest()
    {
        PostCall call = new(4);
        string[] ids = ["a", "b", "c", "d"];
        for (int i = 0; i < ids.Length; i++)
            _appends.Take(Draft(ids[i]), true, call, i);

        _appends.NextBatch(9);
        Assert.True(_appends.TryDropDuplicates([Message(3, "a"), Message(4, "c", "other")], out ChatMessage[] rest));
        Assert.Equal([("b", 11L), ("d", 12L)], rest.Select(message => (message.Id, message.Seq)));
        Assert.Equal(new PostResult(PostStatus.Duplicate, 3, 5), call.Results[0]);
        Assert.Equal(new PostResult(PostStatus.IdConflict, 4, 5), call.Results[2]);

        _appends.Commit();
        _appends.Answer();
        Assert.True(call.Done.IsCompleted);
        Assert.Equal(12, _appends.Head);
    }

    [Fact]
    public void TryDropDuplicates_WhenAllWereStored_LeavesNothingInFlight()
    {
        PostCall call = Take("a");
        _appends.NextBatch(9);
        Assert.True(_appends.TryDropDuplicates([Message(3, "a")], out ChatMessage[] rest));
        Assert.Empty(rest);
        Assert.True(call.Done.IsCompleted);
        Assert.Equal((10L, 0), (_appends.Head, _appends.InFlight));
        Take("b");
        Assert.Equal(11, Assert.Single(_appends.NextBatch(9)).Seq);
    }

    [Fact]
    public void TryDropDuplicates_WhenNoneIsOfTheBatch_IsFalse()
    {
        Take("a");
        _appends.NextBatch(9);
        Take("z");
        Assert.False(_appends.TryDropDuplicates([Message(3, "z"), Message(4, "y")], out _));
    }

    [Fact]
    public void TryDropDuplicates_WhenSharersDiffer_ComparesEachWithTheStoredText()
    {
        PostCall first = Take("a");
        PostCall same = new(1);
        PostCall other = new(1);
        _appends.Take(Draft("a", "stored"), true, same, 0);
        _appends.Take(Draft("a", "else"), true, other, 0);
        _appends.NextBatch(9);
        _appends.TryDropDuplicates([Message(3, "a", "stored")], out _);
        Assert.Equal(
            [PostStatus.IdConflict, PostStatus.Duplicate, PostStatus.IdConflict],
            new[] { first, same, other }.Select(call => call.Results[0].Status));
    }

    [Fact]
    public void Fail_WhenDraftsWaitBehind_FailsThemTooAndLeavesNoHole()
    {
        PostCall inFlight = Take("a");
        _appends.NextBatch(9);
        PostCall waiting = Take("b");
        _appends.Fail();
        Assert.Equal(PostStatus.Unavailable, inFlight.Results[0].Status);
        Assert.Equal(PostStatus.Unavailable, waiting.Results[0].Status);

        Take("a");
        Assert.Equal(11, Assert.Single(_appends.NextBatch(9)).Seq);
    }

    [Fact]
    public void FailWaiting_WhenABatchIsInFlight_LeavesItItsOwnOutcome()
    {
        PostCall inFlight = Take("a");
        _appends.NextBatch(9);
        PostCall waiting = Take("b");
        _appends.FailWaiting();
        Assert.Equal(PostStatus.Unavailable, waiting.Results[0].Status);
        Assert.False(inFlight.Done.IsCompleted);
        _appends.Commit();
        _appends.Answer();
        Assert.Equal(PostStatus.Stored, inFlight.Results[0].Status);
    }

    private static RoomAppends Opened(RoomLimits limits)
    {
        RoomAppends appends = new(limits);
        appends.Open(new RoomHead(1, 10, "Lobby"));
        return appends;
    }

    private PostCall Take(string id)
    {
        PostCall call = new(1);
        Assert.Equal(TakeOutcome.Taken, _appends.Take(Draft(id), true, call, 0));
        return call;
    }
}
