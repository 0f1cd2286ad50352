using System.Net.Sockets;
using ChitChatz.Client;
using ChitChatz.Protocol;
using Deadline = ChitChatz.Tests.Support.Deadline;

namespace ChitChatz.Tests.Client;

/// <summary>Getting connected, and the end.</summary>
public sealed class ConnectTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connect_WhenTheServerIsThere_RegistersAndSaysSo()
    {
        await using ClientBench bench = new();
        var connecting = bench.Client.ConnectAsync(Token);
        var connection = await bench.Server.AcceptAsync();
        var register = await connection.WelcomeAsync();

        await Deadline.Within(connecting, "the connection");
        Assert.Equal(("ann", null), ((string?)register["name"], (string?)register["jwt"]));
        Assert.Equal(ChatState.Connecting, (await bench.StateAsync(ChatState.Connecting)).State);
        Assert.Equal(new Uri("ws://one.test"), (await bench.StateAsync(ChatState.Connected)).Server);
        Assert.Equal((ChatState.Connected, "P571UGgtAD_hJkZCESRywA", ScriptedConnection.Token()), (bench.Client.State, bench.Client.User, bench.Client.Token));
    }

    [Fact]
    public async Task Connect_WithATokenOfAnEarlierLife_BringsIt()
    {
        await using ClientBench bench = new(static options => options.Token = ScriptedConnection.Token());
        var connecting = bench.Client.ConnectAsync(Token);
        var register = await (await bench.Server.AcceptAsync()).WelcomeAsync();

        await Deadline.Within(connecting, "the connection");
        Assert.Equal(ScriptedConnection.Token(), (string?)register["jwt"]);
    }

    [Fact]
    public async Task Connect_WhenNoServerIsThere_TriesEachAndFails()
    {
        await using ClientBench bench = new();
        bench.Server.Refuse(new SocketException(111));
        bench.Server.Refuse(new SocketException(111));

        var failure = await Assert.ThrowsAsync<ChatException>(() => Deadline.Within(bench.Client.ConnectAsync(Token), "the failure"));
        Assert.Equal(ChatFailure.Unreachable, failure.Failure);
        Assert.Contains("ws://two.test", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ChatState.Disconnected, bench.Client.State);

        // And again, when it is there.
        var connecting = bench.Client.ConnectAsync(Token);
        await (await bench.Server.AcceptAsync()).WelcomeAsync();
        await Deadline.Within(connecting, "the second attempt");
    }

    [Fact]
    public async Task Connect_WhenAnAnswerIsMalformed_TriesTheNext()
    {
        await using ClientBench bench = new();
        var connecting = bench.Client.ConnectAsync(Token);
        var first = await bench.Server.AcceptAsync();
        var register = await first.ExpectAsync("register");
        await first.SendTextAsync($$"""{"event":"error","id":"{{(string?)register["id"]}}","code":"unavailable"}""");

        await (await bench.Server.AcceptAsync()).WelcomeAsync();
        await Deadline.Within(connecting, "the connection to the next one");
    }

    [Fact]
    public async Task Connect_WhenToldToGoOn_PausesLongerAndLonger()
    {
        await using ClientBench bench = new(static options =>
        {
            options.RetryFirstConnect = true;
            options.MaxReconnectDelay = TimeSpan.FromSeconds(2);
        });
        for (var i = 0; i < 6; i++)
            bench.Server.Refuse(new SocketException(111));
        var connecting = bench.Client.ConnectAsync(Token);
        List<(Uri?, double)> pauses = [];
        await bench.StateAsync(ChatState.Connecting);
        for (var i = 0; i < 6; i++)
        {
            var failed = await bench.StateAsync(ChatState.Connecting);
            Assert.Equal(ChatFailure.Unreachable, failed.Reason!.Failure);
            pauses.Add((failed.Server, failed.RetryIn!.Value.TotalMilliseconds));
            bench.Time.Advance(failed.RetryIn!.Value);
        }

        await (await bench.Server.AcceptAsync()).WelcomeAsync();
        await Deadline.Within(connecting, "the connection");
        // Over both servers without a pause; then three quarters, by the test's jitter, of 500 ms doubled again and again, up to 2 s.
        Assert.Equal([0, 375, 750, 1_500, 1_500, 1_500], pauses.Select(static pause => pause.Item2));
        Assert.Equal(["one.test", "two.test", "one.test", "two.test", "one.test", "two.test"], pauses.Select(static pause => pause.Item1!.Host));
    }

    [Fact]
    public async Task Connect_WhenTheNameIsRefused_SaysWhy()
    {
        await using ClientBench bench = new();
        var connecting = bench.Client.ConnectAsync(Token);
        var connection = await bench.Server.AcceptAsync();
        await connection.RefuseAsync(await connection.ExpectAsync("register"), ErrorCodes.BadName);

        var failure = await Assert.ThrowsAsync<ChatException>(() => Deadline.Within(connecting, "the refusal"));
        Assert.Equal((ChatFailure.Refused, "bad_name", false), (failure.Failure, failure.Code, failure.MayRetry));
        Assert.False(bench.Server.HasMore, "A name that is not allowed here is not allowed there.");
    }

    [Fact]
    public async Task Close_SaysGoodbyeAndEndsEverything()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        var sending = room.SendAsync("hello", cancellationToken: Token);
        await connection.ExpectAsync("message");
        await connection.PushAsync(1);
        await bench.ExpectAsync(room, 1);

        var closing = bench.Client.CloseAsync();
        Assert.Equal(1000, await connection.ExpectCloseAsync());
        await Deadline.Within(closing, "the close");

        Assert.True(await bench.EndsAsync(room), "The reader waits for ever.");
        Assert.Equal(ChatFailure.OutcomeUnknown, (await Assert.ThrowsAsync<ChatException>(() => sending)).Failure);
        Assert.Equal(ChatFailure.Closed, (await Assert.ThrowsAsync<ChatException>(() => room.SendAsync("more", cancellationToken: Token))).Failure);
        Assert.Equal(ChatFailure.Closed, (await Assert.ThrowsAsync<ChatException>(() => bench.Client.JoinAsync("lobby", cancellationToken: Token))).Failure);
        Assert.Null((await bench.StateAsync(ChatState.Closed)).Reason);
    }

    [Fact]
    public async Task Close_WhileItReconnects_Ends()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        connection.Cut();
        await bench.StateAsync(ChatState.Reconnecting);

        await Deadline.Within(bench.Client.CloseAsync(), "the close");
        Assert.True(await bench.EndsAsync(room), "The reader waits for ever.");
        Assert.Equal(ChatState.Closed, bench.Client.State);
    }

    [Fact]
    public async Task Close_WhileTheServerDoesNotAnswerTheRegister_Ends()
    {
        await using ClientBench bench = new();
        var connecting = bench.Client.ConnectAsync(Token);
        await (await bench.Server.AcceptAsync()).ExpectAsync("register");

        await Deadline.Within(bench.Client.CloseAsync(), "the close");
        Assert.Equal(ChatFailure.Closed, (await Assert.ThrowsAsync<ChatException>(() => connecting)).Failure);
    }

    [Fact]
    public async Task Server_WhenItRemovesTheClient_EndsItForGood()
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        await connection.PushAsync(1);
        await connection.CloseAsync(CloseCodes.Removed);

        var closed = await bench.StateAsync(ChatState.Closed);
        Assert.Equal(4003, closed.Reason!.CloseStatus);
        // What had come is read first.
        await bench.ExpectAsync(room, 1);
        Assert.Equal(4003, (await Assert.ThrowsAsync<ChatException>(() => bench.NextAsync(room))).CloseStatus);
        Assert.Equal(4003, (await Assert.ThrowsAsync<ChatException>(() => bench.Client.GetRoomsAsync(Token))).CloseStatus);
        Assert.False(bench.Server.HasMore);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("""{"event":"message","data":{"seq":"one"}}""")]
    [InlineData("""{"data":1}""")]
    [InlineData("""{"event":"message","data":{"from":"\ud800","content":"x","room":"lobby","epoch":1795536635264,"seq":1,"at":"2026-11-24T16:10:35.264Z","user":"u"}}""")]
    public async Task Frame_ThatIsNoneOfTheProtocol_CostsTheConnectionOnly(string frame)
    {
        await using ClientBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        await connection.SendTextAsync(frame);

        var next = await bench.ReconnectAsync();
        await next.LetInAsync(head: 0, recovered: true);
        await next.PushAsync(1);
        await bench.ExpectAsync(room, 1);
    }

    [Fact]
    public async Task Handler_ThatThrows_DoesNoHarm()
    {
        await using ClientBench bench = new(static options => options.OnFrame = static _ => throw new InvalidOperationException("The hook's."));
        bench.Client.StateChanged += static (_, _) => throw new InvalidOperationException("The application's.");
        var (connection, room) = await bench.JoinAsync();
        room.PresenceChanged += static (_, _) => throw new InvalidOperationException("The application's.");
        await connection.SendAsync(static output => FrameWriter.Joined(output, "lobby", "cid", 2));
        await connection.PushAsync(1);
        await bench.ExpectAsync(room, 1);
    }

    [Fact]
    public void Options_WhenWrong_AreAllNamed()
    {
        var failure = Assert.Throws<ArgumentException>(static () => new ChatClient(new ChatClientOptions
        {
            Servers = { new Uri("ftp://one.test") },
            ReconnectDelay = TimeSpan.FromSeconds(30),
            MaxPendingSends = 0,
            MessageBuffer = 99,
            MaxFrameBytes = 1,
            AnswerTimeout = TimeSpan.Zero,
            ConnectTimeout = TimeSpan.FromDays(1),
        }));
        foreach (var name in new[] { "Servers", "Name", "ReconnectDelay", "MaxPendingSends", "MessageBuffer", "MaxFrameBytes", "AnswerTimeout", "ConnectTimeout" })
            Assert.Contains(name, failure.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(static () => new ChatClient("no address", "ann"));
    }
}
