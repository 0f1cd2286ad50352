using ChitChatz.Client;
using ChitChatz.Protocol;
using Microsoft.Extensions.Logging;
using Deadline = ChitChatz.Tests.Support.Deadline;

namespace ChitChatz.Tests.Client;

/// <summary>What a client logs, and what it never does.</summary>
public sealed class LoggingTests
{
    private const string Text = "a-text-that-nobody-may-log";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Log_FromTheFirstConnectToTheEnd_HasEachEventAtItsLevel()
    {
        await using ServiceBench bench = new();
        var (first, room) = await bench.JoinAsync();
        room.PresenceChanged += static (_, _) => throw new InvalidOperationException("The application's.");
        await first.SendAsync(static output => FrameWriter.Joined(output, "lobby", "cid", 2));
        await first.SendAsync(static output => FrameWriter.Error(output, ErrorCodes.RateLimited.Error, retryAfter: null, id: null, jwt: null));
        await first.PushAsync(2);
        await first.ShowAsync([1, 2], more: false);
        var sending = room.SendAsync("hello", cancellationToken: Token);
        await first.RefuseAsync(await first.ExpectAsync("message"), ErrorCodes.Overloaded);
        await bench.SettleAsync(first);
        // Long enough for the message to be sent again, and for the connection to count as one that lasts.
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        await first.AckAsync(await first.ExpectAsync("message"), 3);
        await Deadline.Within(sending, "the receipt");

        // Half of the time, by the test's jitter.
        await first.SendAsync(static output => FrameWriter.Drain(output, TimeSpan.FromSeconds(10)));
        await bench.TimerAsync(TimeSpan.FromSeconds(5));
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        await first.ExpectCutAsync();
        var second = await bench.ReconnectAsync();
        await second.LetInAsync(head: 3, recovered: true);
        await bench.StateAsync(ChatState.Connected);

        second.Cut();
        var third = await bench.ReconnectAsync();
        await third.LetInAsync(head: 3, recovered: true);
        await bench.StateAsync(ChatState.Connected);

        await third.CloseAsync(CloseCodes.Removed);
        await bench.StateAsync(ChatState.Closed);

        var log = bench.Log.Entries;
        Assert.Equal(
            [
                (LogLevel.Information, "Connected"),
                (LogLevel.Error, "HandlerFailed"),
                (LogLevel.Debug, "ErrorPushed"),
                (LogLevel.Debug, "ReadFromLog"),
                (LogLevel.Debug, "SendPutOff"),
                (LogLevel.Information, "Draining"),
                (LogLevel.Warning, "Lost"),
                (LogLevel.Information, "Connected"),
                (LogLevel.Warning, "Lost"),
                (LogLevel.Information, "Connected"),
                (LogLevel.Error, "Ended"),
            ],
            log.Select(static entry => (entry.Level, entry.Event)));
        Assert.All(log, static entry => Assert.Equal("ChitChatz.Client.ChatClient", entry.Category));
    }

    [Fact]
    public async Task Log_OfAClientWithTrouble_HasNoTokenAndNoText()
    {
        var renewed = ScriptedConnection.Token(jti: "2");
        var anothers = ScriptedConnection.Token(sub: "somebody else");
        await using ServiceBench bench = new(static options => options.OnFrame = static _ => throw new InvalidOperationException("The hook's."));
        var (first, room) = await bench.JoinAsync();
        await first.PushAsync(1, Text);
        var sending = room.SendAsync(Text, cancellationToken: Token);
        await first.RefuseAsync(await first.ExpectAsync("message"), ErrorCodes.Overloaded);
        // What is wrong with it is said, and no more.
        await first.SendTextAsync($$"""{"event":"message","data":{"room":"lobby","epoch":{{ScriptedConnection.Epoch}},"seq":nul,"content":"{{Text}}"},"jwt":"{{renewed}}"}""");

        var second = await bench.ReconnectAsync();
        await second.RefuseAsync(await second.ExpectAsync("join_room"), ErrorCodes.InvalidToken);
        await second.WelcomeAsync(anothers);
        await second.LetInAsync(head: 1, recovered: true);
        Assert.Equal(ChatFailure.OutcomeUnknown, (await Assert.ThrowsAsync<ChatException>(() => Deadline.Within(sending, "its failure"))).Failure);
        await second.SendTextAsync("""{"event":"rooms","data":[],"jwt":"e30.*a-broken-token*.c2ln"}""");

        var third = await bench.ReconnectAsync();
        await third.LetInAsync(head: 1, recovered: true);
        await third.CloseAsync(CloseCodes.Removed);
        await bench.StateAsync(ChatState.Closed);

        var log = bench.Log.Entries;
        Assert.Equal(
            ["Connected", "Ended", "HandlerFailed", "IdentityChanged", "Lost", "SendPutOff"],
            log.Select(static entry => entry.Event).Distinct().Order(StringComparer.Ordinal));
        // The causes are there, whole: it is in them that a secret would be.
        foreach (var cause in new[] { "what is not JSON", "A token's claims are not JSON", "4003", "The hook's." })
            Assert.Contains(log, entry => entry.Everything.Contains(cause, StringComparison.Ordinal));
        foreach (var secret in new[] { Text, "a-broken-token", "e30.", Claims(ScriptedConnection.Token()), Claims(renewed), Claims(anothers) })
            Assert.DoesNotContain(log, entry => entry.Everything.Contains(secret, StringComparison.Ordinal));
    }

    private static string Claims(string token) => token.Split('.')[1];
}
