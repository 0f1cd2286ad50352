using ChitChatz.Cli.Screen;
using ChitChatz.Client;
using ChitChatz.Tests.Support;
using ChatClient = ChitChatz.Client.ChatClient;

namespace ChitChatz.Tests.Cli;

/// <summary>The whole screen, from before there is a connection.</summary>
public sealed class ChatScreenTests(SharedStandalone shared)
{
    [Fact]
    public async Task Screen_WhileItConnects_SaysSoAndTakesWhatIsTyped()
    {
        using System.Net.Sockets.TcpListener silent = new(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        using TestTerminal terminal = new();
        await using ChatClient client = new($"ws://{silent.LocalEndpoint}", "ann");
        ChatScreen screen = new(terminal, client, "lobby");
        var running = screen.RunAsync(TestContext.Current.CancellationToken);

        await terminal.SeesAsync("lobby: connecting as ann… Ctrl-C leaves.");
        terminal.Type("early");
        await terminal.SeesAsync("> early▏");
        terminal.Type("\r");
        await terminal.SeesAsync("  … early");
        terminal.Type("/quit\r");
        await Deadline.Within(running, "the end of the screen");
        Assert.Equal(1, screen.GivenUp);
    }

    /// <summary>What was entered last is on its way when one leaves.</summary>
    [Fact]
    public async Task Screen_WhenOneLeavesAtOnce_HasSentWhatWasEnteredLast()
    {
        using TestTerminal terminal = new();
        var (room, name) = (SharedStandalone.Unique("screen"), SharedStandalone.Unique("ann"));
        await using ChatClient client = new((await shared.WebSocketAsync()).ToString(), name);
        ChatScreen screen = new(terminal, client, room);
        var running = screen.RunAsync(TestContext.Current.CancellationToken);
        await terminal.SeesAsync($"{room}, 1 here: you are {name}.");

        terminal.Type("last words\r/quit\r");

        await Deadline.Within(running, "the end of the screen");
        Assert.Equal(0, screen.GivenUp);
        Assert.Equal("last words", Assert.Single((await client.Room!.GetHistoryAsync(cancellationToken: TestContext.Current.CancellationToken)).Messages).Text);
    }

    [Fact]
    public async Task Screen_WhenTheRoomIsEntered_SendsWhatWasEnteredBefore()
    {
        using TestTerminal terminal = new();
        var (room, name) = (SharedStandalone.Unique("screen"), SharedStandalone.Unique("ann"));
        await using ChatClient client = new((await shared.WebSocketAsync()).ToString(), name);
        terminal.Type("early\r");
        var running = new ChatScreen(terminal, client, room).RunAsync(TestContext.Current.CancellationToken);

        await terminal.SeesAsync($" {name}: early");
        await terminal.SeesAsync($"{room}, 1 here: you are {name}.");
        terminal.Type("/quit\r");
        await Deadline.Within(running, "the end of the screen");
    }

    [Fact]
    public async Task Screen_WhenThereIsNoServer_EndsWithTheReason()
    {
        using TestTerminal terminal = new();
        await using ChatClient client = new("ws://127.0.0.1:1", "ann");
        var running = new ChatScreen(terminal, client, "lobby").RunAsync(TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<ChatException>(() => Deadline.Within(running, "the end of the screen"));
        Assert.Equal(ChatFailure.Unreachable, failure.Failure);
    }
}
