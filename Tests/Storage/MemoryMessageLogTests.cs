using ChitChatz.Storage;
using ChitChatz.Storage.Memory;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static ChitChatz.Tests.Storage.LogData;

namespace ChitChatz.Tests.Storage;

public sealed class MemoryMessageLogTests : MessageLogSpec
{
    private readonly FakeTimeProvider _time = new();

    protected override IMessageLog Create() => new MemoryMessageLog(_time, messagesPerRoom: 1_000);

    [Fact]
    public async Task Open_WhenStartedLater_HasANewEpochAndNothingElse()
    {
        await CommitAsync(Batch("room", Epoch, 1));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await using var next = new MemoryMessageLog(_time);
        await next.OpenAsync(Token);

        Assert.Equal(new RoomHead(_time.GetUtcNow().ToUnixTimeMilliseconds(), 0, null), Assert.Single(await next.ReadHeadsAsync(["room"], Token)));
        Assert.NotEqual(Epoch, _time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task Commit_WhenARoomIsFull_ForgetsTheOldestAndTheirIds()
    {
        await CommitAsync(Batch("room", Epoch, 1, 1_000));
        await CommitAsync(Batch("room", Epoch, 1_001, 5));

        var kept = await AllSeqsAsync("room");
        Assert.Equal((6, 1_005, 1_000), (kept[0], kept[^1], kept.Length));
        Assert.Equal([null, 6], (await Log.FindAsync("room", [new("ada", "id-5"), new("ada", "id-6")], Token)).Select(message => message?.Seq));
        Assert.Equal(6, Assert.Single(await Log.ReadBeforeAsync("room", Epoch, 7, 10, 1_000, Token)).Seq);
        Assert.Same(AppendResult.Committed, await CommitAsync(Batch("room", Epoch, Message(1_006, "id-5"))));
    }
}
