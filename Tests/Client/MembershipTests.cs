using ChitChatz.Client;
using ChitChatz.Protocol;
using Deadline = ChitChatz.Tests.Support.Deadline;

namespace ChitChatz.Tests.Client;

/// <summary>From room to room.</summary>
public sealed class MembershipTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Join_OfAnother_WaitsForWhatWasSentAndEndsTheFirst()
    {
        await using ClientBench bench = new();
        var (connection, lobby) = await bench.JoinAsync();
        var sending = lobby.SendAsync("last words", cancellationToken: Token);
        var message = await connection.ExpectAsync("message");
        var joining = bench.Client.JoinAsync("kitchen", cancellationToken: Token);
        _ = bench.Client.GetRoomsAsync(Token);
        await connection.ExpectAsync("get_rooms");
        await connection.AckAsync(message, 1);
        await connection.LetInAsync(room: "kitchen");

        var kitchen = await Deadline.Within(joining, "the kitchen");
        Assert.Equal(1, (await sending).Position.Seq);
        Assert.Same(kitchen, bench.Client.Room);
        Assert.True(await bench.EndsAsync(lobby), "The lobby goes on.");
        Assert.Equal(ChatFailure.Closed, (await Assert.ThrowsAsync<ChatException>(() => lobby.SendAsync("more", cancellationToken: Token))).Failure);
    }

    /// <summary>The join takes the client out of the old room; a leave behind it would take it out of the new one.</summary>
    [Fact]
    public async Task Dispose_OfTheOldRoomDuringAJoin_SaysNoLeave()
    {
        await using ClientBench bench = new();
        var (connection, lobby) = await bench.JoinAsync();
        var joining = bench.Client.JoinAsync("kitchen", cancellationToken: Token);
        var join = await connection.ExpectAsync("join_room");
        await lobby.DisposeAsync();
        _ = bench.Client.GetRoomsAsync(Token);
        await connection.ExpectAsync("get_rooms");
        await connection.LetInAsync(join, "kitchen");

        Assert.Same(await Deadline.Within(joining, "the kitchen"), bench.Client.Room);
    }

    [Fact]
    public async Task Dispose_OfTheOldRoomDuringAJoinThatIsRefused_LeavesIt()
    {
        await using ClientBench bench = new();
        var (connection, lobby) = await bench.JoinAsync();
        var joining = bench.Client.JoinAsync("<bad>", cancellationToken: Token);
        var join = await connection.ExpectAsync("join_room");
        await lobby.DisposeAsync();
        await connection.RefuseAsync(join, ErrorCodes.BadRoom);

        await Assert.ThrowsAsync<ChatException>(() => Deadline.Within(joining, "the refusal"));
        await connection.ExpectAsync("leave_room");
        Assert.Null(bench.Client.Room);
    }

    /// <summary>As long as the join is tried again the client would be seen where it is not.</summary>
    [Fact]
    public async Task Dispose_OfTheOldRoomWhileAJoinIsRefusedForNow_LeavesIt()
    {
        await using ClientBench bench = new();
        var (connection, lobby) = await bench.JoinAsync();
        var joining = bench.Client.JoinAsync("kitchen", cancellationToken: Token);
        await connection.RefuseAsync(await connection.ExpectAsync("join_room"), ErrorCodes.Unavailable, TimeSpan.FromSeconds(1));
        _ = bench.Client.GetRoomsAsync(Token);
        await connection.ExpectAsync("get_rooms");
        await lobby.DisposeAsync();

        await connection.ExpectAsync("leave_room");
        Assert.False(joining.IsCompleted);
    }

    [Fact]
    public async Task Join_WhenRefused_LeavesTheClientWhereItWas()
    {
        await using ClientBench bench = new();
        var (connection, lobby) = await bench.JoinAsync();
        var joining = bench.Client.JoinAsync("<bad>", cancellationToken: Token);
        await connection.RefuseAsync(await connection.ExpectAsync("join_room"), ErrorCodes.BadRoom);
        Assert.Equal("bad_room", (await Assert.ThrowsAsync<ChatException>(() => Deadline.Within(joining, "the refusal"))).Code);

        Assert.Same(lobby, bench.Client.Room);
        _ = lobby.SendAsync("still here", cancellationToken: Token);
        await connection.ExpectAsync("message");
        await connection.PushAsync(1);
        await bench.ExpectAsync(lobby, 1);
    }

    [Fact]
    public async Task Join_WhenGivenUp_ComesBackToTheOldRoomWithoutAGap()
    {
        await using ClientBench bench = new();
        var (connection, lobby) = await bench.JoinAsync(head: 3);
        using CancellationTokenSource patience = new();
        var joining = bench.Client.JoinAsync("kitchen", cancellationToken: patience.Token);
        await connection.ExpectAsync("join_room");
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Deadline.Within(joining, "its end"));

        var next = await bench.ReconnectAsync();
        var join = await next.LetInAsync(head: 4, recovered: true);
        await next.PushAsync(4);
        Assert.Equal(("lobby", 3), ((string?)join["room"], (long)join["after"]!["seq"]!));
        await bench.ExpectAsync(lobby, 4);
    }

    [Fact]
    public async Task Join_WhoseAnswerIsCut_IsMadeAgainFromTheOldRoom()
    {
        await using ClientBench bench = new();
        var (connection, _) = await bench.JoinAsync();
        var joining = bench.Client.JoinAsync("kitchen", cancellationToken: Token);
        await connection.ExpectAsync("join_room");
        connection.Cut();

        var next = await bench.ReconnectAsync();
        Assert.Equal("lobby", (string?)(await next.LetInAsync(recovered: true))["room"]);
        Assert.Equal("kitchen", (string?)(await next.LetInAsync(room: "kitchen"))["room"]);
        Assert.Equal("kitchen", (await Deadline.Within(joining, "the kitchen")).Name);
    }

    [Fact]
    public async Task Leave_EndsTheRoomAndTheClientStays()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        await room.LeaveAsync(Token);
        await connection.ExpectAsync("leave_room");
        await connection.PushAsync(1);

        Assert.True(await bench.EndsAsync(room), "The room goes on.");
        Assert.Null(bench.Client.Room);
        connection.Cut();
        var next = await bench.ReconnectAsync();
        await next.WelcomeAsync();
        await bench.StateAsync(ChatState.Connected);
        _ = bench.Client.GetRoomsAsync(Token);
        await next.ExpectAsync("get_rooms");
    }

    [Fact]
    public async Task Dispose_FailsWhatHasNoOutcome()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        var sending = room.SendAsync("hello", cancellationToken: Token);
        await connection.ExpectAsync("message");
        await room.DisposeAsync();
        await connection.ExpectAsync("leave_room");
        Assert.Equal(ChatFailure.OutcomeUnknown, (await Assert.ThrowsAsync<ChatException>(() => Deadline.Within(sending, "its failure"))).Failure);
    }

    [Fact]
    public async Task History_IsReadAsAsked()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync(head: 3);
        var asking = room.GetHistoryAsync(before: room.Head with { Seq = room.Head.Seq + 1 }, limit: 2, cancellationToken: Token);
        var request = await connection.ShowAsync([2, 3], more: true);
        var history = await Deadline.Within(asking, "the history");
        Assert.Equal((4, 2), ((long)request["before"]!["seq"]!, (int)request["limit"]!));
        Assert.Equal([2, 3], history.Messages.Select(static message => message.Position.Seq));
        Assert.True(history.HasMore);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => room.GetHistoryAsync(limit: 101, cancellationToken: Token));
    }
}
