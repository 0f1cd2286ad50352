using ChitChatz.Client;
using ChitChatz.Protocol;
using Deadline = ChitChatz.Tests.Support.Deadline;

namespace ChitChatz.Tests.Client;

/// <summary>Messages that were not pushed are read from the log: each comes once, in order.</summary>
public sealed class CatchUpTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static IEnumerable<long> Range(long from, long to)
    {
        for (var seq = from; seq <= to; seq++)
            yield return seq;
    }

    [Fact]
    public async Task Resume_BeyondTheReplay_ReadsTheLogWhileNewMessagesCome()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync(head: 10);
        connection.Cut();
        var next = await bench.ReconnectAsync();
        await next.LetInAsync(head: 260, recovered: false);
        await next.PushAsync(261);
        var first = await next.ShowAsync(Range(11, 110), more: true);
        await next.PushAsync(262);
        await next.ShowAsync(Range(111, 210), more: true);
        var last = await next.ShowAsync(Range(211, 262), more: false);
        await next.PushAsync(263);

        Assert.Equal((10, 210), ((long)first["after"]!["seq"]!, (long)last["after"]!["seq"]!));
        await bench.ExpectAsync(room, Range(11, 263));
    }

    [Fact]
    public async Task Hole_BetweenPushes_IsReadFromTheLog()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        foreach (var seq in new[] { 1, 1, 4, 2, 5 })
            await connection.PushAsync(seq);
        var request = await connection.ShowAsync(Range(2, 5), more: false);
        await connection.PushAsync(6);

        Assert.Equal(1, (long)request["after"]!["seq"]!);
        await bench.ExpectAsync(room, Range(1, 6));
    }

    [Fact]
    public async Task Gap_IsReadFromTheLog()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        await connection.PushAsync(1);
        await connection.SendAsync(static output => FrameWriter.Gap(output, "lobby", 2, 9));
        await connection.PushAsync(10);
        await connection.ShowAsync(Range(2, 10), more: false);

        await bench.ExpectAsync(room, Range(1, 10));
    }

    [Fact]
    public async Task Log_WhenNotAvailable_IsAskedAgain()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        await connection.PushAsync(2);
        await connection.RefuseAsync(await connection.ExpectAsync("get_history"), ErrorCodes.Unavailable);
        await SettleAsync(bench, room, connection);
        bench.Time.Advance(TimeSpan.FromMilliseconds(375));

        await connection.ShowAsync(Range(1, 2), more: false);
        await bench.ExpectAsync(room, 1, 2);
    }

    [Fact]
    public async Task Log_WhoseOldestMessagesAreGone_SaysSoOnTheFirstThatIsThere()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync(head: 10);
        connection.Cut();
        var next = await bench.ReconnectAsync();
        await next.LetInAsync(head: 1_000, recovered: false);
        await next.ShowAsync(Range(999, 1_000), more: false);

        var message = await bench.NextAsync(room);
        Assert.Equal(999, message.Position.Seq);
        Assert.Equal(new ChatGap(ChatGapReason.Expired, new ChatPosition(ScriptedConnection.Epoch, 10)), message.Gap);
        Assert.Null((await bench.NextAsync(room)).Gap);
    }

    [Theory]
    [InlineData(ScriptedConnection.Epoch + 1, 3)]
    [InlineData(ScriptedConnection.Epoch, 3)]
    public async Task Log_ThatWasReplaced_IsReadAndSaysSo(long epoch, long head)
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync(head: 10);
        connection.Cut();
        var next = await bench.ReconnectAsync();
        await next.LetInAsync(head, recovered: false, epoch);
        // A new log is read from its beginning; of one that was put back only what comes is new.
        if (epoch != ScriptedConnection.Epoch)
            await next.ShowAsync(Range(1, 3), more: false, epoch);
        await next.PushAsync(4, epoch: epoch);

        var first = await bench.NextAsync(room);
        Assert.Equal(new ChatPosition(epoch, epoch == ScriptedConnection.Epoch ? 4 : 1), first.Position);
        Assert.Equal(new ChatGap(ChatGapReason.LogReplaced, new ChatPosition(ScriptedConnection.Epoch, 10)), first.Gap);
    }

    [Fact]
    public async Task Log_ThatBeginsAnewWhileConnected_IsReadOn()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync(head: 10);
        await connection.PushAsync(1, epoch: ScriptedConnection.Epoch + 5);
        await connection.PushAsync(11);
        await connection.PushAsync(2, epoch: ScriptedConnection.Epoch + 5);

        var first = await bench.NextAsync(room);
        Assert.Equal((1, ChatGapReason.LogReplaced), (first.Position.Seq, first.Gap?.Reason));
        await bench.ExpectAsync(room, 2);
    }

    [Fact]
    public async Task Messages_ThatNobodyReads_StayInTheLogUntilThereIsRoom()
    {
        await using ClientBench bench = new(static options => options.MessageBuffer = 100);
        var (connection, room) = await bench.JoinAsync();
        foreach (var seq in Range(1, 500))
            await connection.PushAsync(seq);
        // The client serves on meanwhile, and asks for nothing.
        var sending = room.SendAsync("hello", cancellationToken: Token);
        var message = await connection.ExpectAsync("message");
        await connection.AckAsync(message, 501);
        await Deadline.Within(sending, "the receipt");

        await bench.ExpectAsync(room, Range(1, 100));
        for (var page = 1; page < 5; page++)
        {
            var request = await connection.ShowAsync(Range((page * 100) + 1, (page + 1) * 100), more: true);
            Assert.Equal(page * 100, (long)request["after"]!["seq"]!);
            await bench.ExpectAsync(room, Range((page * 100) + 1, (page + 1) * 100));
        }

        await connection.ShowAsync([501], more: false);
        await bench.ExpectAsync(room, 501);
    }

    [Fact]
    public async Task Join_FromAPositionOfAnEarlierLife_GoesOnFromThere()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync(head: 1_000, after: new ChatPosition(ScriptedConnection.Epoch, 998));
        var request = await connection.ShowAsync(Range(999, 1_000), more: false);
        Assert.Equal(998, (long)request["after"]!["seq"]!);
        await bench.ExpectAsync(room, 999, 1_000);
    }

    [Fact]
    public async Task Reader_WhenThereIsOne_IsTheOnlyOne()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        await connection.PushAsync(1);
        await bench.ExpectAsync(room, 1);
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var message in room.ReadMessagesAsync(Token))
                Assert.Fail($"A second reader got {message}.");
        });
    }

    [Fact]
    public async Task Presence_IsTold()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        List<ChatPresence> seen = [];
        room.PresenceChanged += (_, presence) => seen.Add(presence);
        await connection.SendAsync(static output => FrameWriter.Joined(output, "lobby", "cid", 2));
        await connection.SendAsync(static output => FrameWriter.Typing(output, "lobby", "cid"));
        await connection.SendAsync(static output => FrameWriter.Left(output, "lobby", null, 300));
        await connection.PushAsync(1);
        await bench.ExpectAsync(room, 1);
        Assert.Equal([new(ChatPresenceKind.Joined, "cid", 2), new(ChatPresenceKind.Typing, "cid", null), new(ChatPresenceKind.Left, null, 300)], seen);
    }

    /// <summary>Waits until the client has dealt with what was sent before.</summary>
    private static async Task SettleAsync(ClientBench bench, ChatRoom room, ScriptedConnection connection)
    {
        var asking = bench.Client.GetRoomsAsync(Token);
        var request = await connection.ExpectAsync("get_rooms");
        await connection.SendAsync(output => FrameWriter.Rooms(output, [room.Name], jwt: null, (string)request["id"]!));
        await Deadline.Within(asking, "the rooms");
    }
}
