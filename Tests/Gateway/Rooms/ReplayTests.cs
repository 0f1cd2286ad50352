using ChitChatz.Gateway.Rooms;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Protocol;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Rooms;

/// <summary>A member that names the last message it has: the answer, what it missed, what comes, and nothing twice.</summary>
public sealed class ReplayTests
{
    private readonly RoomBench _bench = new(TimeProvider.System);

    [Fact]
    public async Task Join_WithAPosition_GetsTheAnswerThenWhatItMissedThenWhatComes()
    {
        _bench.Grain.Append("a", "b", "c");
        FakeConnection ann = await _bench.ResumeAsync(1, new LogPosition(1, 1));
        await Deadline.Within(ann.When(() => ann.Frames.Length == 3), "the two messages that were missed");
        _bench.Push(_bench.Grain.Append("d"));
        Assert.Equal(["joined 1:3 recovered", "b", "c", "d"], ann.Frames);
    }

    [Fact]
    public async Task Join_WithTheHead_IsRecoveredWithoutARead()
    {
        _bench.Grain.Append("a", "b");
        FakeConnection ann = await _bench.ResumeAsync(1, new LogPosition(1, 2));
        Assert.Equal(["joined 1:2 recovered"], ann.Frames);
        Assert.Equal(0, _bench.Grain.Reads);
    }

    [Fact]
    public async Task Join_WhileMessagesCome_MissesNoneAndGetsNoneTwice()
    {
        TaskCompletionSource read = new();
        TaskCompletionSource goOn = new();
        _bench.Grain.AfterRead = () =>
        {
            read.TrySetResult();
            return goOn.Task;
        };
        await _bench.JoinAsync(2);
        _bench.Push(_bench.Grain.Append("a", "b"));
        Task<FakeConnection> joining = _bench.ResumeAsync(1, new LogPosition(1, 0));
        await Deadline.Within(read.Task, "the read of what was missed");

        // Committed after the page was read, pushed before the page is there.
        _bench.Push(_bench.Grain.Append("c", "d"));
        goOn.SetResult();
        FakeConnection ann = await joining;
        await Deadline.Within(ann.When(() => ann.Frames.Length == 5), "all four messages");
        _bench.Push(_bench.Grain.Append("e"));
        Assert.Equal(["joined 1:2 recovered", "a", "b", "c", "d", "e"], ann.Frames);
    }

    [Theory]
    [InlineData(1, -1)]
    [InlineData(1, 5)]
    [InlineData(1, 9_007_199_254_740_991)]
    [InlineData(2, 3)]
    [InlineData(-1, 3)]
    public async Task Join_WithAForgedPosition_IsToldWhereTheRoomIs(long epoch, long seq)
    {
        _bench.Grain.Append("a", "b", "c", "d");
        FakeConnection ann = await _bench.ResumeAsync(1, new LogPosition(epoch, seq));
        _bench.Push(_bench.Grain.Append("e"));
        Assert.Equal(["joined 1:4 not recovered", "e"], ann.Frames);
    }

    [Theory]
    [InlineData(300, "recovered")]
    [InlineData(301, "not recovered")]
    public async Task Join_FarBack_IsRecoveredWithin300Messages(int missed, string answer)
    {
        _bench.Grain.Append([.. Enumerable.Range(1, 400).Select(static n => $"{n}")]);
        FakeConnection ann = await _bench.ResumeAsync(1, new LogPosition(1, 400 - missed));
        int replayed = answer == "recovered" ? missed : 0;
        await Deadline.Within(ann.When(() => ann.Frames.Length == 1 + replayed), "what was missed");
        Assert.Equal([$"joined 1:400 {answer}", .. Enumerable.Range(401 - replayed, replayed).Select(static n => $"{n}")], ann.Frames);
    }

    [Fact]
    public async Task Join_WhenRetentionDeletedWhatWasMissed_IsNotRecovered()
    {
        _bench.Grain.Append("a", "b", "c");
        _bench.Grain.Oldest = 3;
        FakeConnection ann = await _bench.ResumeAsync(1, new LogPosition(1, 1));
        Assert.Equal(["joined 1:3 not recovered"], ann.Frames);
    }

    [Fact]
    public async Task Join_WhenTheLogCannotBeRead_IsAnsweredAllTheSame()
    {
        RoomBench bench = new();
        bench.Grain.Append("a", "b");
        bench.Grain.IsUnreadable = true;
        Task<FakeConnection> joining = bench.ResumeAsync(1, new LogPosition(1, 0));
        await bench.Time.AdvanceUntilAsync(joining, "the answer to the join");
        Assert.Equal(["joined 1:2 not recovered"], (await joining).Frames);
    }

    [Fact]
    public async Task Join_OfMany_SharesTheReads()
    {
        _bench.Grain.Append([.. Enumerable.Range(1, 50).Select(static n => $"{n}")]);
        TaskCompletionSource goOn = new();
        _bench.Grain.BeforeChange = () => goOn.Task;
        Task<FakeConnection>[] joining = [.. Enumerable.Range(1, 100).Select(number => _bench.ResumeAsync(number, new LogPosition(1, number % 50)))];
        goOn.SetResult();
        foreach (FakeConnection connection in await Task.WhenAll(joining))
        {
            int missed = 50 - ((int)connection.Number % 50);
            await Deadline.Within(connection.When(() => connection.Frames.Length == 1 + missed), "what was missed");
            Assert.Equal([.. Enumerable.Range(51 - missed, missed).Select(static n => $"{n}")], connection.Frames[1..]);
        }

        Assert.InRange(_bench.Grain.Reads, 1, 10);
    }

    [Fact]
    public async Task Join_WhenTheRoomWasForgottenMeanwhile_IsNotRecoveredAndGetsTheNewLife()
    {
        _bench.Grain.Append("a", "b");
        bool forgotten = false;
        _bench.Grain.AfterChange = () =>
        {
            if (!forgotten)
            {
                forgotten = true;
                _bench.Grain.Forget();
            }
        };
        FakeConnection ann = await _bench.ResumeAsync(1, new LogPosition(1, 1));
        _bench.Push(_bench.Grain.Append("new"));
        Assert.Equal(["joined 2:0 not recovered", "new"], ann.Frames);
    }

    [Fact]
    public async Task Replay_ToASlowReader_WaitsForItAndSkipsNothing()
    {
        _bench.Grain.Append("a", "b", "c");
        FakeConnection ann = new(1) { IsVersion2 = true, ReadsAtMost = 2 };
        await _bench.JoinAsync(ann, new LogPosition(1, 0));
        await Deadline.Within(ann.When(() => ann.Frames.Length == 2), "the answer and one message");
        _bench.Push(_bench.Grain.Append("d"));
        ann.ReadsAtMost = int.MaxValue;
        await Deadline.Within(ann.When(() => ann.Frames.Length == 5), "all messages");
        Assert.Equal(["joined 1:3 recovered", "a", "b", "c", "d"], ann.Frames);
    }

    [Fact]
    public async Task Join_OfAMember_RepeatsWhatItMissesAndTellsTheLogsHead()
    {
        FakeConnection ann = await _bench.ResumeAsync(1, after: null);
        _bench.Push(_bench.Grain.Append("a", "b"));
        _bench.Grain.Append("committed, and not pushed yet");
        await _bench.JoinAsync(ann, new LogPosition(1, 1));
        await Deadline.Within(ann.When(() => ann.Frames.Length == 6), "the messages that it misses");
        _bench.Push(_bench.Grain.Append("c"));
        Assert.Equal(["joined 1:0 not recovered", "a", "b", "joined 1:3 recovered", "b", "committed, and not pushed yet", "c"], ann.Frames);
        Assert.Equal([1], _bench.Grain.Members);
    }

    [Fact]
    public async Task Join_OfAMemberDuringItsReplay_EndsThatReplay()
    {
        _bench.Grain.Append([.. Enumerable.Range(1, 10).Select(static n => $"{n}")]);
        FakeConnection ann = new(1) { IsVersion2 = true, ReadsAtMost = 3 };
        await _bench.JoinAsync(ann, new LogPosition(1, 0));
        await Deadline.Within(ann.When(() => ann.Frames.Length == 3), "the first messages");
        await _bench.JoinAsync(ann, after: null);
        ann.ReadsAtMost = int.MaxValue;
        FakeConnection bob = await _bench.ResumeAsync(2, new LogPosition(1, 9));
        await Deadline.Within(bob.When(() => bob.Frames.Length == 2), "the other's replay, which runs after the first one ended");
        _bench.Push(_bench.Grain.Append("11"));
        Assert.Equal(["joined 1:10 recovered", "1", "2", "joined 1:10 not recovered", "11"], ann.Frames);
    }

    [Fact]
    public async Task Leave_DuringAReplay_EndsIt()
    {
        _bench.Grain.Append([.. Enumerable.Range(1, 10).Select(static n => $"{n}")]);
        FakeConnection ann = new(1) { IsVersion2 = true, ReadsAtMost = 3 };
        await _bench.JoinAsync(ann, new LogPosition(1, 0));
        await Deadline.Within(ann.When(() => ann.Frames.Length == 3), "the first messages");
        await Deadline.Within(_bench.Room.Leave(1, lost: false), "the leave");
        ann.ReadsAtMost = int.MaxValue;
        FakeConnection bob = await _bench.ResumeAsync(2, new LogPosition(1, 9));
        await Deadline.Within(bob.When(() => bob.Frames.Length == 2), "the other's replay, which runs after the first one ended");
        Assert.Equal(3, ann.Frames.Length);
    }
}
