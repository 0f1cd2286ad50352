using ChitChatz.Storage;
using Xunit;
using static ChitChatz.Tests.Storage.LogData;

namespace ChitChatz.Tests.Storage;

/// <summary>What every form of the log does. A form is a class that derives from this.</summary>
public abstract partial class MessageLogSpec : IAsyncLifetime
{
    protected IMessageLog Log { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected long Epoch { get; private set; }

    public async ValueTask InitializeAsync()
    {
        await PrepareAsync();
        Log = Create();
        await Log.OpenAsync(Token);
        Epoch = (await HeadAsync("anything")).Epoch;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Log.DisposeAsync();
        CleanUp();
    }

    protected virtual ValueTask PrepareAsync() => ValueTask.CompletedTask;

    protected abstract IMessageLog Create();

    /// <summary>Whether names and ids may hold U+0000. Texts always may; the rules for names and ids let no such thing in.</summary>
    protected virtual bool NamesMayHoldNul => true;

    protected virtual void CleanUp()
    {
    }

    protected async Task<RoomHead> HeadAsync(string room) => Assert.Single(await Log.ReadHeadsAsync([room], Token));

    protected async Task<AppendResult> CommitAsync(AppendBatch batch) => Assert.Single(await Log.CommitAsync([batch], Token));

    protected async Task<long[]> AllSeqsAsync(string room) => Seqs(await Log.ReadAfterAsync(room, Epoch, 0, int.MaxValue, int.MaxValue, Token));

    private async Task AssertSeqsAsync(string room, params long[] expected) => Assert.Equal(expected, await AllSeqsAsync(room));

    [Fact]
    public async Task ReadHeads_WhenNothingWasWritten_GivesZeroInTheBaseEpoch()
    {
        var heads = await Log.ReadHeadsAsync(["one", "two"], Token);

        Assert.Equal([new RoomHead(Epoch, 0, null), new RoomHead(Epoch, 0, null)], heads);
        Assert.InRange(Epoch, 1, (1L << 53) - 1);
    }

    [Fact]
    public async Task Reads_WhenTheRoomIsUnknown_AreEmpty()
    {
        Assert.Empty(await Log.ReadAfterAsync("none", Epoch, 0, 10, 1_000, Token));
        Assert.Empty(await Log.ReadBeforeAsync("none", Epoch, 10, 10, 1_000, Token));
        Assert.Equal([null], await Log.FindAsync("none", [new MessageKey("ada", "id-1")], Token));
        Assert.Empty(await Log.ReadHeadsAsync([], Token));
        Assert.Empty(await Log.CommitAsync([], Token));
    }

    [Fact]
    public async Task Commit_WhenItIsTheRoomsFirst_StoresEveryField()
    {
        var message = Message(1, "the id", "the sub", "grüße, 世界 👋");

        Assert.Same(AppendResult.Committed, await CommitAsync(Batch("room", Epoch, message)));

        AssertSame(message, Assert.Single(await Log.ReadAfterAsync("room", Epoch, 0, 10, 1_000, Token)));
        AssertSame(message, Assert.Single(await Log.FindAsync("room", [new MessageKey("the sub", "the id")], Token)));
        Assert.Equal(new RoomHead(Epoch, 1, "ROOM"), await HeadAsync("room"));
    }

    [Fact]
    public async Task Commit_WhenBatchesFollowEachOther_StoresThemInOrder()
    {
        for (var first = 1; first <= 30; first += 3)
            Assert.Equal(AppendStatus.Committed, (await CommitAsync(Batch("room", Epoch, first, 3))).Status);

        Assert.Equal(Enumerable.Range(1, 30).Select(seq => (long)seq), await AllSeqsAsync("room"));
        Assert.Equal(30, (await HeadAsync("room")).Head);
    }

    [Fact]
    public async Task Commit_WhenTheNameIsSpelledDifferentlyLater_KeepsTheFirst()
    {
        await CommitAsync(new AppendBatch("café", "Café", Epoch, [Message(1)]));
        await CommitAsync(new AppendBatch("café", "CAFÉ", Epoch, [Message(2)]));

        Assert.Equal("Café", (await HeadAsync("café")).Name);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Commit_WhenTheFirstSeqIsNotTheNext_IsFenced(long first)
    {
        await CommitAsync(Batch("room", Epoch, 1, 2));

        var foreign = Batch("room", Epoch, Message(first, "new id"), Message(first + 1, "newer id"));

        Assert.Same(AppendResult.Fenced, await CommitAsync(foreign));
        await AssertSeqsAsync("room", 1, 2);
        Assert.Equal([null, null], await Log.FindAsync("room", [new MessageKey("ada", "new id"), new MessageKey("ada", "newer id")], Token));
    }

    [Fact]
    public async Task Commit_WhenARoomBeginsAboveOne_IsFencedAndLeavesNoRoom()
    {
        Assert.Same(AppendResult.Fenced, await CommitAsync(Batch("room", Epoch, 2)));
        Assert.Equal(new RoomHead(Epoch, 0, null), await HeadAsync("room"));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Commit_WhenTheEpochIsAnother_IsFenced(long off)
    {
        await CommitAsync(Batch("room", Epoch, 1));

        Assert.Same(AppendResult.Fenced, await CommitAsync(Batch("room", Epoch + off, 2)));
        Assert.Same(AppendResult.Fenced, await CommitAsync(Batch("fresh", Epoch + off, 1)));
        await AssertSeqsAsync("room", 1);
        Assert.Null((await HeadAsync("fresh")).Name);
    }

    [Fact]
    public async Task Commit_WhenSomeIdsAreStored_GivesTheOriginalsAndStoresNothing()
    {
        var originals = new[] { Message(1, "a", text: "first"), Message(2, "b", text: "second") };
        await CommitAsync(Batch("room", Epoch, originals));

        var result = await CommitAsync(Batch("room", Epoch, Message(3, "new"), Message(4, "b", text: "other"), Message(5, "a")));

        Assert.Equal(AppendStatus.Duplicates, result.Status);
        Assert.Equal(["a", "b"], result.Duplicates.Select(message => message.Id).Order());
        AssertSame(originals[1], result.Duplicates.Single(message => message.Id == "b"));
        await AssertSeqsAsync("room", 1, 2);
        Assert.Equal([null], await Log.FindAsync("room", [new MessageKey("ada", "new")], Token));
        Assert.Equal(AppendStatus.Committed, (await CommitAsync(Batch("room", Epoch, Message(3, "new")))).Status);
    }

    [Fact]
    public async Task Commit_WhenOnlySenderOrRoomDiffer_IsNoDuplicate()
    {
        await CommitAsync(Batch("room", Epoch, Message(1, "x", "ada")));

        Assert.Same(AppendResult.Committed, await CommitAsync(Batch("room", Epoch, Message(2, "x", "bob"), Message(3, "X", "ada"))));
        Assert.Same(AppendResult.Committed, await CommitAsync(Batch("other", Epoch, Message(1, "x", "ada"))));
    }

    [Fact]
    public async Task Commit_WhenSomeRoomsHaveTrouble_StoresTheOthers()
    {
        await Log.CommitAsync([Batch("fenced", Epoch, 1), Batch("repeating", Epoch, 1)], Token);

        var results = await Log.CommitAsync(
            [
                Batch("before", Epoch, 1, 2),
                Batch("fenced", Epoch, 1),
                Batch("between", Epoch, 1, 2),
                Batch("repeating", Epoch, Message(2), Message(3, "id-1")),
                Batch("wrong epoch", Epoch + 1, 1),
                Batch("after", Epoch, 1, 2),
            ],
            Token);

        Assert.Equal(
            [AppendStatus.Committed, AppendStatus.Fenced, AppendStatus.Committed, AppendStatus.Duplicates, AppendStatus.Fenced, AppendStatus.Committed],
            results.Select(result => result.Status));
        var heads = await Log.ReadHeadsAsync(["before", "fenced", "between", "repeating", "wrong epoch", "after"], Token);
        Assert.Equal([2, 1, 2, 1, 0, 2], heads.Select(head => head.Head));
    }

    [Fact]
    public async Task Commit_WhenABatchIsMalformed_ThrowsAndStoresNothing()
    {
        var good = Batch("good", Epoch, 1);
        AppendBatch[] malformed =
        [
            Batch("room", Epoch, 1, 0),
            Batch("room", Epoch, 0),
            Batch("room", Epoch, Message(1), Message(3)),
            Batch("room", Epoch, Message(2), Message(1)),
            Batch("room", Epoch, Message(1, "same"), Message(2, "same")),
            good,
        ];

        foreach (var batch in malformed)
            await Assert.ThrowsAsync<ArgumentException>(() => Log.CommitAsync([good, batch], Token));

        Assert.Equal([0, 0], (await Log.ReadHeadsAsync(["good", "room"], Token)).Select(head => head.Head));
    }

    [Theory]
    [InlineData("'; DROP TABLE messages; --")]
    [InlineData("%_*?[a-z]\"`\\")]
    [InlineData("nul\0inside")]
    [InlineData("\r\n\t\u001b[31m")]
    [InlineData("")]
    [InlineData("ｆｕｌｌ 👩‍👩‍👧 \u202e")]
    public async Task Commit_WhenTextsHaveMetacharacters_TakesThemAsData(string odd)
    {
        var text = System.Text.Encoding.UTF8.GetBytes("t" + odd);
        odd = NamesMayHoldNul ? odd : odd.Replace("\0", "", StringComparison.Ordinal);
        var message = new ChitChatz.Grains.Abstractions.ChatMessage(1, odd, odd, odd, text, -5);
        await CommitAsync(Batch("nul", Epoch, 1));

        Assert.Same(AppendResult.Committed, await CommitAsync(new AppendBatch(odd, odd, Epoch, [message])));

        AssertSame(message, Assert.Single(await Log.ReadAfterAsync(odd, Epoch, 0, 10, 1_000, Token)));
        AssertSame(message, Assert.Single(await Log.FindAsync(odd, [new MessageKey(odd, odd)], Token)));
        Assert.Equal(new RoomHead(Epoch, 1, odd), await HeadAsync(odd));
    }

    [Fact]
    public async Task Commit_WhenCancelledBefore_StoresNothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.CommitAsync([Batch("room", Epoch, 1)], new CancellationToken(true)));

        Assert.Equal(0, (await HeadAsync("room")).Head);
    }

    [Fact]
    public async Task Everything_WhenClosed_ThrowsLogUnavailable()
    {
        await Log.DisposeAsync();

        var error = await Assert.ThrowsAsync<LogUnavailableException>(() => Log.CommitAsync([Batch("room", Epoch, 1)], Token));
        Assert.False(error.OutcomeUnclear);
        await Assert.ThrowsAsync<LogUnavailableException>(() => Log.ReadHeadsAsync(["room"], Token));
        await Assert.ThrowsAsync<LogUnavailableException>(() => Log.ReadAfterAsync("room", Epoch, 0, 1, 1, Token));
        await Assert.ThrowsAsync<LogUnavailableException>(() => Log.FindAsync("room", [], Token));
    }
}
