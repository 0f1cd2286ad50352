using System.Text.Json.Nodes;
using ChitChatz.Client;
using ChitChatz.Protocol;
using Deadline = ChitChatz.Tests.Support.Deadline;

namespace ChitChatz.Tests.Client;

/// <summary>Sending: until there is an answer, with one id, in order.</summary>
public sealed class SendTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_CompletesOnItsAck()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        var sending = room.SendAsync("grüße \"<&>\" 🎉", cancellationToken: Token);
        var message = await connection.ExpectAsync("message");
        Assert.Equal(("grüße \"<&>\" 🎉", "lobby"), ((string?)message["data"], (string?)message["room"]));
        Assert.False(sending.IsCompleted);

        await connection.AckAsync(message, 5);
        var receipt = await Deadline.Within(sending, "the receipt");
        Assert.Equal(((string?)message["id"], new ChatPosition(ScriptedConnection.Epoch, 5), false), (receipt.Id, receipt.Position, receipt.IsDuplicate));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_795_536_635_264), receipt.At);
    }

    [Fact]
    public async Task Sends_WhoseConnectionIsCut_AreRepeatedInOrderWithTheirIds()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        Task<ChatReceipt>[] sending = [.. Enumerable.Range(1, 3).Select(i => room.SendAsync($"{i}", cancellationToken: Token))];
        List<JsonObject> first = [await connection.ExpectAsync("message"), await connection.ExpectAsync("message"), await connection.ExpectAsync("message")];
        await connection.AckAsync(first[0], 1);
        await Deadline.Within(sending[0], "the first receipt");
        connection.Cut();
        var lost = await bench.StateAsync(ChatState.Reconnecting);
        // Said while nobody listens.
        var fourth = room.SendAsync("4", cancellationToken: Token);
        bench.Time.Advance(lost.RetryIn!.Value);
        var next = await bench.Server.AcceptAsync();
        await next.LetInAsync(head: 2, recovered: true);

        List<JsonObject> second = [await next.ExpectAsync("message"), await next.ExpectAsync("message"), await next.ExpectAsync("message")];
        Assert.Equal(["2", "3", "4"], second.Select(static message => (string)message["data"]!));
        Assert.Equal(first.Skip(1).Select(static message => (string)message["id"]!), second.Take(2).Select(static message => (string)message["id"]!));
        await next.AckAsync(second[0], 2, duplicate: true);
        await next.AckAsync(second[1], 3);
        await next.AckAsync(second[2], 4);
        var receipts = await Deadline.Within(Task.WhenAll(sending[1], sending[2], fourth), "the receipts");
        Assert.Equal([(2, true), (3, false), (4, false)], receipts.Select(static receipt => (receipt.Position.Seq, receipt.IsDuplicate)));
    }

    [Fact]
    public async Task Send_WhenTheServerIsBusy_WaitsAsLongAsItAsksAndHoldsTheOthersBack()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        var one = room.SendAsync("1", cancellationToken: Token);
        var message = await connection.ExpectAsync("message");
        await connection.RefuseAsync(message, ErrorCodes.Overloaded, TimeSpan.FromSeconds(8));
        await connection.PushAsync(1);
        await bench.ExpectAsync(room, 1);
        var two = room.SendAsync("2", cancellationToken: Token);

        // An eighth more, by the test's jitter. What is sent in a room comes after what was asked before: a request shows that nothing was.
        bench.Time.Advance(TimeSpan.FromSeconds(8.99));
        _ = bench.Client.GetRoomsAsync(Token);
        await connection.ExpectAsync("get_rooms");
        bench.Time.Advance(TimeSpan.FromSeconds(0.01));
        var again = await connection.ExpectAsync("message");
        Assert.Equal(((string?)message["id"], "1"), ((string?)again["id"], (string?)again["data"]));
        await connection.AckAsync(again, 2);
        await connection.AckAsync(await connection.ExpectAsync("message"), 3);
        Assert.Equal([2, 3], (await Deadline.Within(Task.WhenAll(one, two), "the receipts")).Select(static receipt => receipt.Position.Seq));
    }

    [Fact]
    public async Task Send_WhenRefused_IsNotInTheRoomAndSaysWhy()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        var sending = room.SendAsync("long", cancellationToken: Token);
        await connection.RefuseAsync(await connection.ExpectAsync("message"), ErrorCodes.TextTooLong);

        var failure = await Assert.ThrowsAsync<ChatException>(() => Deadline.Within(sending, "the refusal"));
        Assert.Equal((ChatFailure.Refused, "text_too_long", false), (failure.Failure, failure.Code, failure.MayRetry));
    }

    [Fact]
    public async Task Send_WhenTheServerDoesNotKnowTheRoom_ComesBackAndRepeats()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        var sending = room.SendAsync("1", cancellationToken: Token);
        var message = await connection.ExpectAsync("message");
        await connection.RefuseAsync(message, ErrorCodes.NotInRoom);

        var next = await bench.ReconnectAsync();
        await next.LetInAsync(recovered: true);
        var again = await next.ExpectAsync("message");
        Assert.Equal((string?)message["id"], (string?)again["id"]);
        await next.AckAsync(again, 1);
        await Deadline.Within(sending, "the receipt");
    }

    [Fact]
    public async Task Send_WhenTheServerTakesTheClientForAnother_IsNotRepeated()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        var sent = room.SendAsync("sent", cancellationToken: Token);
        await connection.ExpectAsync("message");
        connection.Cut();
        var lost = await bench.StateAsync(ChatState.Reconnecting);
        var unsent = room.SendAsync("never sent", cancellationToken: Token);
        bench.Time.Advance(lost.RetryIn!.Value);
        var next = await bench.Server.AcceptAsync();
        await next.RefuseAsync(await next.ExpectAsync("join_room"), ErrorCodes.InvalidToken);
        await next.WelcomeAsync(ScriptedConnection.Token(sub: "somebody else"));
        await next.LetInAsync(recovered: true);

        var message = await next.ExpectAsync("message");
        Assert.Equal("never sent", (string?)message["data"]);
        await next.AckAsync(message, 1);
        await Deadline.Within(unsent, "the receipt");
        Assert.Equal(ChatFailure.OutcomeUnknown, (await Assert.ThrowsAsync<ChatException>(() => Deadline.Within(sent, "its failure"))).Failure);
    }

    [Fact]
    public async Task Send_WhenGivenUp_IsNotRepeated()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        using CancellationTokenSource patience = new();
        var given = room.SendAsync("given up", cancellationToken: patience.Token);
        await connection.ExpectAsync("message");
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Deadline.Within(given, "its end"));
        connection.Cut();

        var next = await bench.ReconnectAsync();
        await next.LetInAsync(recovered: true);
        _ = room.SendAsync("another", cancellationToken: Token);
        Assert.Equal("another", (string?)(await next.ExpectAsync("message"))["data"]);
    }

    [Fact]
    public async Task Sends_BeyondTheLimit_WaitToBegin()
    {
        await using ClientBench bench = new(static options => options.MaxPendingSends = 2);
        var (connection, room) = await bench.JoinAsync();
        Task<ChatReceipt>[] sending = [.. Enumerable.Range(1, 3).Select(i => room.SendAsync($"{i}", cancellationToken: Token))];
        var first = await connection.ExpectAsync("message");
        await connection.ExpectAsync("message");
        _ = bench.Client.GetRoomsAsync(Token);
        await connection.ExpectAsync("get_rooms");

        await connection.AckAsync(first, 1);
        Assert.Equal("3", (string?)(await connection.ExpectAsync("message"))["data"]);
        Assert.False(sending[1].IsCompleted || sending[2].IsCompleted);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("text", "")]
    [InlineData("text", "naïve")]
    [InlineData("text", "12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task Send_OfWhatCannotBeSent_IsRefusedHere(string text, string? id)
    {
        await using ClientBench bench = new();
        var (_, room) = await bench.JoinAsync();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => room.SendAsync(text, id, Token));
    }

    // Not a row above: a runner's reports are UTF-8.
    [Fact]
    public async Task Send_OfHalfASurrogatePair_IsRefusedHere()
    {
        await using ClientBench bench = new();
        var (_, room) = await bench.JoinAsync();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => room.SendAsync("half \ud83c", cancellationToken: Token));
    }

    [Fact]
    public async Task Send_AboveTheFrameLimit_IsRefusedHere()
    {
        await using ClientBench bench = new();
        var (_, room) = await bench.JoinAsync();
        Assert.Contains("65536", (await Assert.ThrowsAsync<ArgumentException>(() => room.SendAsync(new string('x', 70_000), cancellationToken: Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_WithAnIdThatIsOnItsWay_IsRefusedHere()
    {
        await using ClientBench bench = new();
        var (_, room) = await bench.JoinAsync();
        _ = room.SendAsync("one", "id", Token);
        await Assert.ThrowsAsync<ArgumentException>(() => room.SendAsync("two", "id", Token));
    }

    /// <summary>Nobody knows whether one that was given up was stored; asked again with its id, the server tells.</summary>
    [Fact]
    public async Task Send_GivenUpAndMadeAgainWithItsId_GetsTheReceipt()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        using CancellationTokenSource patience = new();
        var givenUp = room.SendAsync("hello", "m-1", patience.Token);
        var first = await connection.ExpectAsync("message");
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Deadline.Within(givenUp, "the end of the one that was given up"));

        var again = room.SendAsync("hello", "m-1", Token);
        var second = await connection.ExpectAsync("message");
        await connection.AckAsync(first, 1);
        await connection.AckAsync(second, 1, duplicate: true);

        Assert.Equal(1, (await Deadline.Within(again, "the receipt")).Position.Seq);
    }

    /// <summary>What waits until it may begin was not begun: given up, it never is.</summary>
    [Fact]
    public async Task Send_GivenUpBeforeItBegan_IsNotSent()
    {
        await using ClientBench bench = new(static options => options.MaxPendingSends = 1);
        var (connection, room) = await bench.JoinAsync();
        using CancellationTokenSource patience = new();
        var begun = room.SendAsync("one", "m-1", patience.Token);
        var waiting = room.SendAsync("two", "m-2", patience.Token);
        await connection.ExpectAsync("message");
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Deadline.Within(begun, "the end of the first"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Deadline.Within(waiting, "the end of the second"));

        _ = room.SendAsync("three", "m-3", Token);

        Assert.Equal("m-3", (string?)(await connection.ExpectAsync("message"))["id"]);
    }
}
