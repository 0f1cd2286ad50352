using ChitChatz.Storage;
using Xunit;
using static ChitChatz.Tests.Storage.LogData;

namespace ChitChatz.Tests.Storage;

public abstract partial class MessageLogSpec
{
    [Theory]
    [InlineData(0, 100, new long[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(0, 2, new long[] { 1, 2 })]
    [InlineData(2, 3, new long[] { 3, 4, 5 })]
    [InlineData(5, 3, new long[] { 6 })]
    [InlineData(6, 3, new long[0])]
    [InlineData(long.MaxValue, 3, new long[0])]
    [InlineData(-7, 1, new long[] { 1 })]
    [InlineData(long.MinValue, 1, new long[] { 1 })]
    [InlineData(0, 0, new long[0])]
    [InlineData(0, -1, new long[0])]
    public async Task ReadAfter_WithALimit_GivesTheOldestAbove(long after, int limit, long[] expected)
    {
        await CommitAsync(Batch("room", Epoch, 1, 6));
        await CommitAsync(Batch("neighbour", Epoch, 1, 9));

        Assert.Equal(expected, Seqs(await Log.ReadAfterAsync("room", Epoch, after, limit, 1_000, Token)));
    }

    [Theory]
    [InlineData(7, 100, new long[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(long.MaxValue, 2, new long[] { 5, 6 })]
    [InlineData(5, 3, new long[] { 2, 3, 4 })]
    [InlineData(2, 3, new long[] { 1 })]
    [InlineData(1, 3, new long[0])]
    [InlineData(long.MinValue, 3, new long[0])]
    [InlineData(7, 0, new long[0])]
    [InlineData(7, -1, new long[0])]
    public async Task ReadBefore_WithALimit_GivesTheNewestBelowAscending(long before, int limit, long[] expected)
    {
        await CommitAsync(Batch("room", Epoch, 1, 6));
        await CommitAsync(Batch("neighbour", Epoch, 1, 9));

        Assert.Equal(expected, Seqs(await Log.ReadBeforeAsync("room", Epoch, before, limit, 1_000, Token)));
    }

    [Theory]
    [InlineData(29, new long[] { 1, 2 }, new long[] { 3, 4 })]
    [InlineData(30, new long[] { 1, 2, 3 }, new long[] { 2, 3, 4 })]
    [InlineData(1, new long[] { 1 }, new long[] { 4 })]
    [InlineData(0, new long[] { 1 }, new long[] { 4 })]
    public async Task Reads_WithManyBytes_StopBeforeTheBoundButBringOne(int maxBytes, long[] after, long[] before)
    {
        await CommitAsync(Batch("room", Epoch, [.. Enumerable.Range(1, 4).Select(seq => Message(seq, text: "0123456789"))]));

        Assert.Equal(after, Seqs(await Log.ReadAfterAsync("room", Epoch, 0, 10, maxBytes, Token)));
        Assert.Equal(before, Seqs(await Log.ReadBeforeAsync("room", Epoch, 5, 10, maxBytes, Token)));
    }

    [Fact]
    public async Task Reads_WhenTheEpochIsAnother_AreEmpty()
    {
        await CommitAsync(Batch("room", Epoch, 1, 6));

        Assert.Empty(await Log.ReadAfterAsync("room", Epoch + 1, 0, 10, 1_000, Token));
        Assert.Empty(await Log.ReadBeforeAsync("room", Epoch - 1, 10, 10, 1_000, Token));
    }

    [Fact]
    public async Task Find_WithManyKeys_AnswersEachInItsPlace()
    {
        await CommitAsync(Batch("room", Epoch, 1, 3));
        await CommitAsync(Batch("other", Epoch, Message(1, "elsewhere")));

        var found = await Log.FindAsync(
            "room", [new("ada", "id-3"), new("ada", "elsewhere"), new("bob", "id-1"), new("ada", "id-1"), new("ada", "id-3")], Token);

        Assert.Equal([3, null, null, 1, 3], found.Select(message => message?.Seq));
    }

    [Fact]
    public async Task ReadHeads_WithManyRooms_AnswersEachInItsPlace()
    {
        await Log.CommitAsync([Batch("a", Epoch, 1, 2), Batch("b", Epoch, 1, 5)], Token);

        var heads = await Log.ReadHeadsAsync(["b", "none", "a", "b"], Token);

        Assert.Equal([new(Epoch, 5, "B"), new(Epoch, 0, null), new(Epoch, 2, "A"), new RoomHead(Epoch, 5, "B")], heads);
    }

    [Fact]
    public async Task Reads_WhileCommitsRun_SeeOnlyWholeBatches()
    {
        var writing = Task.Run(
            async () =>
            {
                for (var first = 1; first < 300; first += 3)
                    Assert.Same(AppendResult.Committed, await CommitAsync(Batch("room", Epoch, first, 3)));
            },
            Token);

        do
        {
            var head = (await HeadAsync("room")).Head;
            var seqs = await AllSeqsAsync("room");
            Assert.Equal(0, head % 3);
            Assert.True(seqs.Length >= head, $"The head was {head}, but a later read found {seqs.Length} messages.");
            Assert.Equal(0, seqs.Length % 3);
        }
        while (!writing.IsCompleted);
        await writing;
    }
}
