using ChitChatz.Gateway.Rooms;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Rooms;

/// <summary>What becomes of drafts when calls fail, hang, or meet a grain that knows nobody.</summary>
public sealed class PostingTests
{
    private readonly RoomBench _bench = new();

    [Fact]
    public async Task TryPost_WhileAPostIsUnderWay_GoesWithTheNextOne()
    {
        TaskCompletionSource first = new();
        _bench.Grain.AfterPost = number => number == 1 ? first.Task : Task.CompletedTask;
        FakeConnection ann = await _bench.JoinAsync(1);
        Assert.True(_bench.Room.TryPost(ann, ann.Draft("one")));
        while (_bench.Grain.Posts.Count == 0)
        {
            await Task.Yield();
        }

        for (int i = 0; i < 5; i++)
        {
            Assert.True(_bench.Room.TryPost(ann, ann.Draft($"more {i}")));
        }

        first.SetResult();
        await Deadline.Within(ann.When(() => ann.Outcomes.Length == 6), "six outcomes");
        Assert.Equal([1, 5], _bench.Grain.Posts.Select(static post => post.Drafts.Length));
        Assert.Equal(Enumerable.Range(1, 6).Select(static seq => (DraftOutcome.Stored, (long)seq)), ann.Outcomes);
    }

    [Fact]
    public async Task Post_WhenTheAnswerIsLost_IsRepeatedWithTheSameIdsAndStoredOnce()
    {
        RoomBench bench = new(TimeProvider.System);
        bench.Grain.AfterPost = static number => number == 1 ? throw new TimeoutException() : Task.CompletedTask;
        FakeConnection ann = await bench.JoinAsync(1);
        bench.Room.TryPost(ann, ann.Draft("once"));
        await Deadline.Within(ann.When(() => ann.Outcomes.Length == 1), "the outcome");
        Assert.Equal([(DraftOutcome.Stored, 1L)], ann.Outcomes);
        Assert.Equal(1, bench.Grain.Head);
        Assert.Equal(bench.Grain.Posts[0].Drafts[0].Id, bench.Grain.Posts[1].Drafts[0].Id);
    }

    [Fact]
    public async Task Post_WhenTheGrainKnowsNobody_IntroducesTheMembersAndRepeats()
    {
        RoomBench bench = new(TimeProvider.System);
        FakeConnection ann = await bench.JoinAsync(1);
        await bench.JoinAsync(2);
        bench.Grain.Knows = false;
        bench.Grain.Members.Clear();
        bench.Room.TryPost(ann, ann.Draft("hello"));
        await Deadline.Within(ann.When(() => ann.Outcomes.Length == 1), "the outcome");
        Assert.Equal([(DraftOutcome.Stored, 1L)], ann.Outcomes);
        Assert.Equal(1, bench.Grain.Introductions);
        Assert.Equal([1L, 2L], bench.Grain.Members.Order());
    }

    [Fact]
    public async Task Post_WhenNothingAnswers_IsGivenUpAfterItsBudget()
    {
        _bench.Grain.AfterPost = static _ => throw new TimeoutException();
        FakeConnection ann = await _bench.JoinAsync(1);
        _bench.Room.TryPost(ann, ann.Draft("lost?"));
        await _bench.Time.AdvanceUntilAsync(ann.When(() => ann.Outcomes.Length == 1), "the outcome");
        Assert.Equal([(DraftOutcome.Unavailable, 0L)], ann.Outcomes);
        Assert.True(_bench.Grain.Posts.Count > 5);
    }

    [Fact]
    public async Task Post_WhenNobodyCanBeIntroduced_IsGivenUpAfterItsBudget()
    {
        FakeConnection ann = await _bench.JoinAsync(1);
        _bench.Grain.Knows = false;
        _bench.Grain.IsUnreadable = true;
        _bench.Room.TryPost(ann, ann.Draft("lost?"));
        await _bench.Time.AdvanceUntilAsync(ann.When(() => ann.Outcomes.Length == 1), "the outcome");
        Assert.Equal([(DraftOutcome.Unavailable, 0L)], ann.Outcomes);
    }

    [Fact]
    public async Task Post_WhenTheGrainLostOneMember_IntroducesAndRepeats()
    {
        RoomBench bench = new(TimeProvider.System);
        FakeConnection ann = await bench.JoinAsync(1);
        bench.Grain.Members.Clear();
        bench.Room.TryPost(ann, ann.Draft("hello"));
        await Deadline.Within(ann.When(() => ann.Outcomes.Length == 1), "the outcome");
        Assert.Equal([(DraftOutcome.Stored, 1L)], ann.Outcomes);
        Assert.Equal(1, bench.Grain.Introductions);
    }

    [Fact]
    public async Task TryPost_BeyondWhatMayWait_IsRefused()
    {
        TaskCompletionSource never = new();
        _bench.Grain.AfterPost = _ => never.Task;
        FakeConnection ann = await _bench.JoinAsync(1);
        int taken = 0;
        while (taken < 100_000 && _bench.Room.TryPost(ann, ann.Draft("x")))
        {
            taken++;
        }

        Assert.InRange(taken, 8_192, 10_000);
        never.SetResult();
    }
}
