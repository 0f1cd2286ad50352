using ChitChatz.Gateway.Rooms;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Rooms;

/// <summary>A member of version 2 that reads too slowly is told what it missed, once it reads again; nobody else notices.</summary>
public sealed class SlowReaderTests
{
    private readonly RoomBench _bench = new();

    [Fact]
    public async Task Push_ToASlowReader_SkipsAndThenTellsTheGapBeforeTheNextMessage()
    {
        FakeConnection slow = await _bench.ResumeAsync(1, after: null);
        FakeConnection quick = await _bench.ResumeAsync(2, after: null);
        slow.ReadsAtMost = 2;
        _bench.Push(_bench.Grain.Append("a", "b", "c"));
        Assert.Equal(["joined 1:0 not recovered", "a"], slow.Frames);
        slow.ReadsAtMost = int.MaxValue;
        _bench.Push(_bench.Grain.Append("d"));
        Assert.Equal(["joined 1:0 not recovered", "a", "gap 2-3", "d"], slow.Frames);
        Assert.Equal(["joined 1:0 not recovered", "a", "b", "c", "d"], quick.Frames);
    }

    [Fact]
    public async Task CheckSkipping_InAQuietRoom_TellsTheGapAsSoonAsTheReaderIsBack()
    {
        FakeConnection slow = await _bench.ResumeAsync(1, after: null);
        slow.ReadsAtMost = 1;
        _bench.Push(_bench.Grain.Append("a", "b"));
        _bench.Rooms.CheckSkipping();
        Assert.Equal(["joined 1:0 not recovered"], slow.Frames);
        slow.ReadsAtMost = int.MaxValue;
        _bench.Rooms.CheckSkipping();
        Assert.Equal(["joined 1:0 not recovered", "gap 1-2"], slow.Frames);
        Assert.False(_bench.Room.CheckSkipping());
    }

    [Fact]
    public async Task Push_WhenTheGapFillsTheQueueAgain_SkipsFromTheNextMessageOn()
    {
        FakeConnection slow = await _bench.ResumeAsync(1, after: null);
        slow.ReadsAtMost = 1;
        _bench.Push(_bench.Grain.Append("a"));
        slow.ReadsAtMost = 2;
        _bench.Push(_bench.Grain.Append("b", "c"));
        slow.ReadsAtMost = int.MaxValue;
        _bench.Push(_bench.Grain.Append("d"));
        Assert.Equal(["joined 1:0 not recovered", "gap 1-1", "gap 2-3", "d"], slow.Frames);
    }

    [Fact]
    public async Task Push_ToASlowReaderOfVersion1_LeavesTheCutToItsConnection()
    {
        FakeConnection slow = await _bench.JoinAsync(1);
        slow.ReadsAtMost = 1;
        _bench.Push(_bench.Grain.Append("a", "b"));
        Assert.Equal(["joined", "a", "b"], slow.Frames);
    }
}
