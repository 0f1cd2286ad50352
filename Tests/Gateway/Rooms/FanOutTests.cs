using ChitChatz.Grains.Abstractions;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Rooms;

/// <summary>What a member sees when pushes are late, lost, doubled or out of order.</summary>
public sealed class FanOutTests
{
    private readonly RoomBench _bench = new();

    [Fact]
    public async Task OnMessages_InOrder_ReachesEveryMemberOnce()
    {
        FakeConnection ann = await _bench.JoinAsync(1);
        FakeConnection bob = await _bench.JoinAsync(2);
        _bench.Push(_bench.Grain.Append("a", "b"));
        _bench.Push(_bench.Grain.Append("c"));
        Assert.Equal(["joined", "a", "b", "c"], ann.Frames);
        Assert.Equal(["joined", "a", "b", "c"], bob.Frames);
        Assert.Equal(0, _bench.Grain.Reads);
    }

    [Fact]
    public async Task OnMessages_WhenRepeated_DeliversOnce()
    {
        FakeConnection ann = await _bench.JoinAsync(1);
        ChatMessage[] batch = _bench.Grain.Append("a", "b");
        _bench.Push(batch);
        _bench.Push(batch);
        _bench.Push(batch[1]);
        Assert.Equal(["joined", "a", "b"], ann.Frames);
    }

    [Fact]
    public async Task OnMessages_WhenOneIsMissing_ReadsItAndKeepsTheOrder()
    {
        FakeConnection ann = await _bench.JoinAsync(1);
        ChatMessage[] batch = _bench.Grain.Append("a", "b", "c");
        _bench.Push(batch[0]);
        _bench.Push(batch[2]);
        await Deadline.Within(ann.When(() => ann.Frames.Length == 4), "the message that was read from the log");
        Assert.Equal(["joined", "a", "b", "c"], ann.Frames);
        Assert.Equal(1, _bench.Grain.Reads);
    }

    [Fact]
    public async Task OnMessages_WithFurtherHolesWhileOneIsRead_ShareTheRead()
    {
        FakeConnection ann = await _bench.JoinAsync(1);
        TaskCompletionSource read = new();
        TaskCompletionSource goOn = new();
        _bench.Grain.AfterRead = () =>
        {
            read.TrySetResult();
            return goOn.Task;
        };
        ChatMessage[] batch = _bench.Grain.Append("a", "b", "c", "d", "e", "f");
        _bench.Push(batch[1]);
        await Deadline.Within(read.Task, "the read of the first hole");
        _bench.Push(batch[3]);
        _bench.Push(batch[5]);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        _bench.Rooms.CheckBehind();
        goOn.SetResult();
        await Deadline.Within(ann.When(() => ann.Frames.Length == 7), "all six messages");
        Assert.Equal(["joined", "a", "b", "c", "d", "e", "f"], ann.Frames);
        Assert.Equal(1, _bench.Grain.Reads);
    }

    [Fact]
    public async Task OnMessages_WhenTurnedAround_KeepsTheOrder()
    {
        FakeConnection ann = await _bench.JoinAsync(1);
        ChatMessage[] batch = _bench.Grain.Append("a", "b", "c", "d");
        foreach (ChatMessage message in batch.Reverse())
        {
            _bench.Push(message);
        }

        await Deadline.Within(ann.When(() => ann.Frames.Length == 5), "all four messages");
        Assert.Equal(["joined", "a", "b", "c", "d"], ann.Frames);
    }

    [Fact]
    public async Task CheckBehind_WhenTheLastPushOfAQuietRoomIsLost_ReadsItAfterAQuarterOfASecond()
    {
        FakeConnection ann = await _bench.JoinAsync(1);
        _bench.Grain.Append("lost");
        _bench.Room.Renew();
        await Deadline.Within(WaitUntilWatchedAsync(), "the room to learn the head");
        _bench.Rooms.CheckBehind();
        Assert.Equal(["joined"], ann.Frames);
        _bench.Time.Advance(TimeSpan.FromMilliseconds(250));
        _bench.Rooms.CheckBehind();
        await Deadline.Within(ann.When(() => ann.Frames.Length == 2), "the message whose push was lost");
        Assert.Equal(["joined", "lost"], ann.Frames);
    }

    [Fact]
    public async Task CheckBehind_WhenThePushComesInTime_ReadsNothing()
    {
        FakeConnection ann = await _bench.JoinAsync(1);
        ChatMessage[] batch = _bench.Grain.Append("late");
        _bench.Room.Renew();
        await Deadline.Within(WaitUntilWatchedAsync(), "the room to learn the head");
        _bench.Time.Advance(TimeSpan.FromMilliseconds(200));
        _bench.Push(batch);
        _bench.Time.Advance(TimeSpan.FromMilliseconds(200));
        _bench.Rooms.CheckBehind();
        Assert.Equal(["joined", "late"], ann.Frames);
        Assert.Equal(0, _bench.Grain.Reads);
    }

    [Fact]
    public async Task Join_WhenOthersAreIn_GetsOnlyWhatComesAfterTheAnswer()
    {
        FakeConnection ann = await _bench.JoinAsync(1);
        ChatMessage[] before = _bench.Grain.Append("before");
        FakeConnection bob = await _bench.JoinAsync(2);
        _bench.Push(before);
        _bench.Push(_bench.Grain.Append("after"));
        Assert.Equal(["joined", "before", "after"], ann.Frames);
        Assert.Equal(["joined", "after"], bob.Frames);
    }

    [Fact]
    public async Task Leave_BeforeAPush_GetsNothingMore()
    {
        FakeConnection ann = await _bench.JoinAsync(1);
        FakeConnection bob = await _bench.JoinAsync(2);
        Task left = _bench.Room.Leave(2, lost: false);
        _bench.Push(_bench.Grain.Append("secret"));
        await Deadline.Within(left, "the leave");
        Assert.Equal(["joined", "secret"], ann.Frames);
        Assert.Equal(["joined"], bob.Frames);
        Assert.Equal([1L], _bench.Grain.Members);
    }

    [Fact]
    public async Task OnMessages_OfANewEpoch_StartsOver()
    {
        FakeConnection ann = await _bench.JoinAsync(1);
        ChatMessage[] old = _bench.Grain.Append("a", "b", "c");
        _bench.Push(old);
        _bench.Grain.Epoch = 2;
        _bench.Push(new ChatMessage(1, "other", "Other", "x", "new life"u8.ToArray(), 0));
        _bench.Room.OnMessages(1, old);
        Assert.Equal(["joined", "a", "b", "c", "new life"], ann.Frames);
    }

    [Fact]
    public async Task OnMessages_OfANewEpochThatBeganUnseen_ReadsItsBeginning()
    {
        FakeConnection ann = await _bench.JoinAsync(1);
        _bench.Grain.Epoch = 2;
        ChatMessage[] all = _bench.Grain.Append("1", "2", "3");
        _bench.Push(all[2]);
        await Deadline.Within(ann.When(() => ann.Frames.Length == 4), "the epoch from its beginning");
        Assert.Equal(["joined", "1", "2", "3"], ann.Frames);
    }

    /// <summary>A renewal runs off this thread; its answer is known to have come when the room asks to be watched.</summary>
    private async Task WaitUntilWatchedAsync()
    {
        while (!_bench.Rooms.IsAnyBehind)
        {
            await Task.Yield();
        }
    }
}
