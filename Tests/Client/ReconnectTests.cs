using ChitChatz.Client;
using ChitChatz.Protocol;
using Deadline = ChitChatz.Tests.Support.Deadline;

namespace ChitChatz.Tests.Client;

/// <summary>Coming back.</summary>
public sealed class ReconnectTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reconnect_WhenCut_ComesBackWithOneFrameFromWhereItWas()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync(head: 7);
        await connection.PushAsync(8);
        await bench.ExpectAsync(room, 8);
        connection.Cut();

        var next = await bench.ReconnectAsync();
        var join = await next.LetInAsync(head: 10, recovered: true);
        await next.PushAsync(9);
        await next.PushAsync(10);
        await next.PushAsync(11);

        Assert.Equal((2, "lobby", ScriptedConnection.Token()), ((int)join["v"]!, (string?)join["room"], (string?)join["jwt"]));
        Assert.Equal((ScriptedConnection.Epoch, 8), ((long)join["after"]!["epoch"]!, (long)join["after"]!["seq"]!));
        Assert.Equal("two.test", next.Address.Host);
        await bench.ExpectAsync(room, 9, 10, 11);
    }

    [Fact]
    public async Task Reconnect_WhenFailuresGoOn_PausesLongerAndBeginsAnewOnceItLasts()
    {
        await using ClientBench bench = new();
        var (connection, _) = await bench.JoinAsync();
        List<double> pauses = [];
        for (var i = 0; i < 3; i++)
        {
            connection.Cut();
            var lost = await bench.StateAsync(ChatState.Reconnecting);
            pauses.Add(lost.RetryIn!.Value.TotalMilliseconds);
            bench.Time.Advance(lost.RetryIn.Value);
            connection = await bench.Server.AcceptAsync();
            await connection.LetInAsync(recovered: true);
            await bench.StateAsync(ChatState.Connected);
        }

        bench.Time.Advance(TimeSpan.FromSeconds(5));
        connection.Cut();
        pauses.Add((await bench.StateAsync(ChatState.Reconnecting)).RetryIn!.Value.TotalMilliseconds);
        Assert.Equal([375, 750, 1_500, 375], pauses);
    }

    [Fact]
    public async Task Reconnect_WhenTheServerAsksToWait_Waits()
    {
        await using ClientBench bench = new();
        var (connection, _) = await bench.JoinAsync();
        bench.Server.Refuse(new ChatException(ChatFailure.Unreachable, "full") { MayRetry = true, RetryAfter = TimeSpan.FromSeconds(30) });
        connection.Cut();

        bench.Time.Advance((await bench.StateAsync(ChatState.Reconnecting)).RetryIn!.Value);
        var refused = await bench.StateAsync(ChatState.Reconnecting);
        // And by the test's jitter an eighth more.
        Assert.Equal(TimeSpan.FromSeconds(33.75), refused.RetryIn);
    }

    [Fact]
    public async Task Reconnect_WhenTheRoomIsNotAvailable_TriesTheNextServer()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        connection.Cut();
        var second = await bench.ReconnectAsync();
        await second.RefuseAsync(await second.ExpectAsync("join_room"), ErrorCodes.Unavailable, TimeSpan.FromSeconds(2));

        var refused = await bench.StateAsync(ChatState.Reconnecting);
        Assert.Equal("unavailable", refused.Reason!.Code);
        Assert.Equal(TimeSpan.FromSeconds(2.25), refused.RetryIn);
        bench.Time.Advance(refused.RetryIn!.Value);
        var third = await bench.Server.AcceptAsync();
        Assert.Equal("one.test", third.Address.Host);
        await third.LetInAsync(recovered: true);
        await third.PushAsync(1);
        await bench.ExpectAsync(room, 1);
    }

    [Fact]
    public async Task Drain_LeavesAfterAPartOfTheTimeForAnotherServer()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        await connection.SendAsync(static output => FrameWriter.Drain(output, TimeSpan.FromSeconds(10)));
        await connection.PushAsync(1);
        await bench.ExpectAsync(room, 1);
        // The connection serves on until it is time: half of it, by the test's jitter.
        await bench.TimerAsync(TimeSpan.FromSeconds(5));
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        await connection.ExpectCutAsync();
        var lost = await bench.StateAsync(ChatState.Reconnecting);
        Assert.Equal(TimeSpan.Zero, lost.RetryIn);
        var next = await bench.Server.AcceptAsync();
        Assert.Equal("two.test", next.Address.Host);
        await next.LetInAsync(head: 2, recovered: true);
        await next.PushAsync(2);
        await bench.ExpectAsync(room, 2);
    }

    [Fact]
    public async Task Server_ThatDoesNotAnswer_IsLeft()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        var sending = room.SendAsync("hello", cancellationToken: Token);
        var first = await connection.ExpectAsync("message");
        bench.Time.Advance(TimeSpan.FromSeconds(10));

        var next = await bench.ReconnectAsync();
        await next.LetInAsync(recovered: true);
        var second = await next.ExpectAsync("message");
        Assert.Equal((string?)first["id"], (string?)second["id"]);
        await next.AckAsync(second, 1, duplicate: true);
        Assert.True((await Deadline.Within(sending, "the receipt")).IsDuplicate);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Token_ThatCountsNoMore_IsShownToARegister(bool clientKnows)
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        if (clientKnows)
        {
            bench.Time.Advance(TimeSpan.FromMinutes(45));
            await connection.RefuseAsync(await connection.ExpectAsync("refresh"), ErrorCodes.Unavailable);
            bench.Time.Advance(TimeSpan.FromMinutes(15));
        }

        connection.Cut();
        var next = await bench.ReconnectAsync();
        if (!clientKnows)
            await next.RefuseAsync(await next.ExpectAsync("join_room"), ErrorCodes.TokenExpired);

        var register = await next.WelcomeAsync();
        var join = await next.LetInAsync(recovered: true);
        await next.PushAsync(1);
        Assert.Equal(ScriptedConnection.Token(), (string?)register["jwt"]);
        Assert.Null(join["jwt"]);
        Assert.Equal(0, (long)join["after"]!["seq"]!);
        await bench.ExpectAsync(room, 1);
    }

    [Fact]
    public async Task Token_IsRenewedBeforeItsEnd()
    {
        await using ClientBench bench = new();
        List<string> tokens = [];
        bench.Client.TokenChanged += (_, token) => tokens.Add(token);
        var (connection, room) = await bench.JoinAsync();
        // Three quarters of an hour: at half of it the server would have sent one.
        bench.Time.Advance(TimeSpan.FromMinutes(45));

        var refresh = await connection.ExpectAsync("refresh");
        var renewed = ScriptedConnection.Token(jti: "2");
        await connection.SendAsync(output => FrameWriter.Register(output, renewed, (string)refresh["id"]!));
        await connection.PushAsync(1);
        await bench.ExpectAsync(room, 1);
        Assert.Equal(renewed, bench.Client.Token);
        Assert.Equal(renewed, tokens[^1]);
    }

    [Fact]
    public async Task Room_WhenRefusedForGood_EndsAndTheClientStays()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        connection.Cut();
        var next = await bench.ReconnectAsync();
        await next.RefuseAsync(await next.ExpectAsync("join_room"), ErrorCodes.BadRoom);
        await next.WelcomeAsync();

        Assert.Equal("bad_room", (await Assert.ThrowsAsync<ChatException>(() => bench.NextAsync(room))).Code);
        var asking = bench.Client.GetRoomsAsync(Token);
        var request = await next.ExpectAsync("get_rooms");
        await next.SendAsync(output => FrameWriter.Rooms(output, ["kitchen"], jwt: null, (string)request["id"]!));
        Assert.Equal(["kitchen"], await Deadline.Within(asking, "the rooms"));
        Assert.Null(bench.Client.Room);
    }

    [Fact]
    public async Task Request_WhoseAnswerIsCut_IsMadeAgain()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        var asking = room.GetMembersAsync(Token);
        await connection.ExpectAsync("get_members");
        connection.Cut();

        var next = await bench.ReconnectAsync();
        await next.LetInAsync(recovered: true);
        var request = await next.ExpectAsync("get_members");
        await next.SendAsync(output => FrameWriter.Members(output, "lobby", 2, ["ann", "bob"], (string)request["id"]!, jwt: null));
        Assert.Equal(["ann", "bob"], (await Deadline.Within(asking, "the members")).Names);
    }
}
