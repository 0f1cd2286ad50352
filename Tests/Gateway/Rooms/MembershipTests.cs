using ChitChatz.Gateway.Rooms;
using ChitChatz.Protocol;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Rooms;

/// <summary>Coming and going, when the grain is slow, forgetful or gone.</summary>
public sealed class MembershipTests
{
    private readonly RoomBench _bench = new();

    [Fact]
    public async Task Join_OfManyAtOnce_AllAreInAndAnswered()
    {
        FakeConnection[] all = await Task.WhenAll(Enumerable.Range(1, 50).Select(number => _bench.JoinAsync(number)));
        Assert.All(all, static connection => Assert.Equal(["joined"], connection.Frames));
        Assert.Equal(50, _bench.Grain.Members.Count);
    }

    [Fact]
    public async Task Join_OnlyIfLost_WhenRefused_IsNotIn()
    {
        FakeConnection ann = new(1);
        (JoinOutcome outcome, LocalRoom _) = await Deadline.Within(
            _bench.Rooms.JoinAsync(new CanonicalName("lobby", "lobby"), ann, ann.AsMember(), onlyIfLost: true, after: null), "the refusal");
        Assert.Equal(JoinOutcome.Refused, outcome);
        Assert.Empty(ann.Frames);
        Assert.Empty(_bench.Grain.Members);
    }

    [Fact]
    public async Task Join_WhenNothingAnswers_IsGivenUpAndTakenBackLater()
    {
        _bench.Grain.BeforeChange = static () => throw new TimeoutException();
        FakeConnection ann = new(1);
        Task<(JoinOutcome Outcome, LocalRoom Room)> join = _bench.Rooms.JoinAsync(new CanonicalName("lobby", "lobby"), ann, ann.AsMember(), onlyIfLost: false, after: null);
        await _bench.Time.AdvanceUntilAsync(join, "the join to be given up");
        Assert.Equal(JoinOutcome.Unavailable, (await join).Outcome);
        _bench.Grain.BeforeChange = static () => Task.CompletedTask;
        await _bench.Time.AdvanceUntilAsync(UntilAsync(() => !_bench.HasRoom), "the room to be forgotten");

        Assert.Empty(ann.Frames);
        Assert.Empty(_bench.Grain.Members);
    }

    [Fact]
    public async Task Join_AgainAfterOneThatWasGivenUp_IsInAndStaysIn()
    {
        _bench.Grain.BeforeChange = static () => throw new TimeoutException();
        FakeConnection ann = new(1);
        Task<(JoinOutcome Outcome, LocalRoom Room)> first = JoinAsync(ann);
        await _bench.Time.AdvanceUntilAsync(first, "the join to be given up");
        Task<(JoinOutcome Outcome, LocalRoom Room)> again = JoinAsync(ann);
        _bench.Grain.BeforeChange = static () => Task.CompletedTask;
        await _bench.Time.AdvanceUntilAsync(again, "the second join");
        Assert.Equal(JoinOutcome.Joined, (await again).Outcome);

        // Whatever the first one left to be told was told with this one at the latest.
        await _bench.JoinAsync(2);
        Assert.Equal([1L, 2L], _bench.Grain.Members.Order());
    }

    /// <summary>On a full machine none would ever be in time, if each were thrown away for the next.</summary>
    [Fact]
    public async Task Join_WhenTheFirstAnswerComesAfterItWasAskedAgain_TakesIt()
    {
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int asked = 0;
        _bench.Grain.BeforeChange = () =>
        {
            if (++asked == 1)
            {
                return first.Task;
            }

            second.TrySetResult();
            return new TaskCompletionSource().Task;
        };
        FakeConnection ann = new(1);
        Task<(JoinOutcome Outcome, LocalRoom Room)> join = JoinAsync(ann);
        await _bench.Time.AdvanceUntilAsync(second.Task, "the second attempt");
        first.SetResult();
        Assert.Equal(JoinOutcome.Joined, (await Deadline.Within(join, "the join")).Outcome);
    }

    [Fact]
    public async Task Join_OfTheFirst_WhenAPushOvertakesTheAnswer_GetsTheMessageFromTheLog()
    {
        _bench.Grain.AfterChange = () => _bench.Push(_bench.Grain.Append("early"));
        FakeConnection ann = await _bench.JoinAsync(1);
        await Deadline.Within(ann.When(() => ann.Frames.Length == 2), "the message that came before the answer");
        Assert.Equal(["joined", "early"], ann.Frames);
    }

    [Fact]
    public async Task Leave_OfTheLast_ForgetsTheRoomWhenTheGrainKnows()
    {
        await _bench.JoinAsync(1);
        await Deadline.Within(_bench.Room.Leave(1, lost: true), "the leave");
        await Deadline.Within(UntilAsync(() => !_bench.HasRoom), "the room to be forgotten");

        Assert.Empty(_bench.Grain.Members);
        await _bench.JoinAsync(2);
        Assert.Equal([2L], _bench.Grain.Members);
    }

    [Fact]
    public async Task Moved_IntroducesAllMembers()
    {
        await _bench.JoinAsync(1);
        await _bench.JoinAsync(2);
        _bench.Grain.Members.Clear();
        _bench.Room.OnMoved(new ChitChatz.Grains.Abstractions.RoomMoved("lobby", 1, 0));
        await Deadline.Within(UntilAsync(() => _bench.Grain.Introductions > 0), "the introduction");

        Assert.Equal([1L, 2L], _bench.Grain.Members.Order());
    }

    [Fact]
    public async Task RenewalDue_AfterEightSecondsOfSilence_IsTrue()
    {
        await _bench.JoinAsync(1);
        await Deadline.Within(UntilAsync(() => !_bench.Room.RenewalDue), "the join's answer, which renews the lease");
        _bench.Time.Advance(TimeSpan.FromSeconds(7.9));
        Assert.False(_bench.Room.RenewalDue);
        _bench.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(_bench.Room.RenewalDue);
    }

    [Fact]
    public async Task Renew_WhenTheCountDiffers_Introduces()
    {
        await _bench.JoinAsync(1);
        _bench.Grain.Members.Add(99);
        _bench.Room.Renew();
        await Deadline.Within(UntilAsync(() => _bench.Grain.Introductions > 0), "the introduction");

        Assert.Equal([1L], _bench.Grain.Members);
    }

    private Task<(JoinOutcome Outcome, LocalRoom Room)> JoinAsync(FakeConnection connection)
        => _bench.Rooms.JoinAsync(new CanonicalName("lobby", "lobby"), connection, connection.AsMember(), onlyIfLost: false, after: null);

    /// <summary>The room does its work off this thread and has nobody to tell when it is done.</summary>
    private static async Task UntilAsync(Func<bool> reached)
    {
        while (!reached())
        {
            await Task.Yield();
        }
    }
}
