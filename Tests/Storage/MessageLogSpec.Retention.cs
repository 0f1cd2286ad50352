using ChitChatz.Grains.Abstractions;
using ChitChatz.Storage;
using Xunit;
using static ChitChatz.Tests.Storage.LogData;

namespace ChitChatz.Tests.Storage;

public abstract partial class MessageLogSpec
{
    private ILogRetention Retention => (ILogRetention)Log;

    [Fact]
    public async Task ReadSpans_WhenThereAreRooms_GivesThemPageByPage()
    {
        foreach (var room in new[] { "b", "ä", "a", "B" })
            await CommitAsync(Batch(room, Epoch, 1, 3));

        var first = await Retention.ReadSpansAsync(null, 3, Token);
        var second = await Retention.ReadSpansAsync(first[^1].Room, 3, Token);

        Assert.Equal(["B", "a", "b", "ä"], first.Concat(second).Select(span => span.Room));
        Assert.Equal(new RoomSpan("B", Epoch, 1, 3), first[0]);
        Assert.Empty(await Retention.ReadSpansAsync("ä", 3, Token));
    }

    [Fact]
    public async Task Trim_WhenMessagesAreOld_DeletesTheOldestUpToTheLimit()
    {
        await CommitAsync(Batch("room", Epoch, 1, 10)); // taken at 1,001 to 1,010

        Assert.Equal(3, await Retention.TrimAsync("room", Epoch, below: 8, takenBefore: 9_000, limit: 3, Token));
        await AssertSeqsAsync("room", 4, 5, 6, 7, 8, 9, 10);
        Assert.Equal(4, await Retention.TrimAsync("room", Epoch, below: 8, takenBefore: 9_000, limit: 100, Token));
        await AssertSeqsAsync("room", 8, 9, 10);
        Assert.Equal(1, await Retention.TrimAsync("room", Epoch, below: 100, takenBefore: 1_009, limit: 100, Token));
        await AssertSeqsAsync("room", 9, 10);
        Assert.Equal(new RoomSpan("room", Epoch, 9, 10), Assert.Single(await Retention.ReadSpansAsync(null, 10, Token)));
    }

    [Fact]
    public async Task Trim_WhenEverythingIsOld_KeepsTheNewestAndSeqsGoOn()
    {
        await CommitAsync(Batch("room", Epoch, 1, 5));

        Assert.Equal(4, await Retention.TrimAsync("room", Epoch, long.MaxValue, long.MaxValue, 100, Token));

        await AssertSeqsAsync("room", 5);
        Assert.Equal(AppendStatus.Committed, (await CommitAsync(Batch("room", Epoch, 6, 1))).Status);
    }

    [Fact]
    public async Task Trim_WhenAnOldOneStandsBehindANewOne_StopsAtTheNewOne()
    {
        await CommitAsync(Batch("room", Epoch, Message(1), Message(2) with { At = 5_000 }, Message(3), Message(4)));

        Assert.Equal(1, await Retention.TrimAsync("room", Epoch, long.MaxValue, takenBefore: 2_000, 100, Token));
        await AssertSeqsAsync("room", 2, 3, 4);
    }

    [Fact]
    public async Task Trim_WhenTheRoomOrItsEpochIsAnother_DeletesNothing()
    {
        await CommitAsync(Batch("room", Epoch, 1, 5));

        Assert.Equal(0, await Retention.TrimAsync("room", Epoch + 1, long.MaxValue, long.MaxValue, 100, Token));
        Assert.Equal(0, await Retention.TrimAsync("other", Epoch, long.MaxValue, long.MaxValue, 100, Token));
        Assert.Equal(5, (await AllSeqsAsync("room")).Length);
    }

    [Fact]
    public async Task Trim_WhenAMessageIsGone_SoIsItsId()
    {
        await CommitAsync(Batch("room", Epoch, 1, 3));
        await Retention.TrimAsync("room", Epoch, below: 2, long.MaxValue, 100, Token);

        Assert.Equal([null], await Log.FindAsync("room", [new MessageKey("ada", "id-1")], Token));
        Assert.Equal(AppendStatus.Committed, (await CommitAsync(Batch("room", Epoch, Message(4, "id-1")))).Status);
    }

    [Fact]
    public async Task Forget_WhenTheHeadIsTheRooms_BeginsANewLife()
    {
        await CommitAsync(Batch("room", Epoch, 1, 3));
        await CommitAsync(Batch("other", Epoch, 1, 1));

        var next = await Retention.ForgetAsync("room", Epoch, 3, Token);

        Assert.NotNull(next);
        Assert.InRange(next.Value, Epoch + 1, (1L << 53) - 1);
        Assert.Equal(new RoomHead(next.Value, 0, "ROOM"), await HeadAsync("room"));
        Assert.Equal(new RoomHead(Epoch, 1, "OTHER"), await HeadAsync("other"));
        Assert.Empty(await Log.ReadAfterAsync("room", Epoch, 0, 10, 1_000, Token));
        Assert.Empty(await Log.ReadBeforeAsync("room", Epoch, 10, 10, 1_000, Token));
        Assert.Equal([null], await Log.FindAsync("room", [new MessageKey("ada", "id-1")], Token));

        // The old life takes nothing more, and ids may be used again.
        Assert.Equal(AppendStatus.Fenced, (await CommitAsync(Batch("room", Epoch, 4, 1))).Status);
        Assert.Equal(AppendStatus.Fenced, (await CommitAsync(Batch("room", Epoch, 1, 1))).Status);
        Assert.Equal(AppendStatus.Committed, (await CommitAsync(Batch("room", next.Value, 1, 2))).Status);
        Assert.Equal("1, 2", await SeqsAsync("room", next.Value));
    }

    [Fact]
    public async Task Forget_WhenSomebodyAppendedMeanwhile_DoesNothing()
    {
        await CommitAsync(Batch("room", Epoch, 1, 3));

        Assert.Null(await Retention.ForgetAsync("room", Epoch, 2, Token));
        Assert.Null(await Retention.ForgetAsync("room", Epoch + 1, 3, Token));
        Assert.Null(await Retention.ForgetAsync("none", Epoch, 0, Token));
        Assert.Null(await Retention.ForgetAsync("room", Epoch, 0, Token));
        Assert.Equal(new RoomHead(Epoch, 3, "ROOM"), await HeadAsync("room"));
    }

    [Fact]
    public async Task Sweep_WhenLivesAreOver_DeletesThemInSlicesAndNothingElse()
    {
        await CommitAsync(Batch("room", Epoch, 1, 7));
        await CommitAsync(Batch("other", Epoch, 1, 2));
        var next = (await Retention.ForgetAsync("room", Epoch, 7, Token))!.Value;
        await CommitAsync(Batch("room", next, 1, 2));

        // One form keeps a row more to fence, another has nothing to sweep.
        var slices = 0;
        while (await Retention.SweepAsync(3, Token) > 0)
            slices++;
        Assert.InRange(slices, 0, 3);

        Assert.Equal("1, 2", await SeqsAsync("room", next));
        await AssertSeqsAsync("other", 1, 2);
        var again = (await Retention.ForgetAsync("room", next, 2, Token))!.Value;
        Assert.True(again > next);
        Assert.Equal(AppendStatus.Committed, (await CommitAsync(Batch("room", again, 1, 1))).Status);
    }

    private async Task<string> SeqsAsync(string room, long epoch) =>
        string.Join(", ", Seqs(await Log.ReadAfterAsync(room, epoch, 0, 10, 1_000, Token)));
}
