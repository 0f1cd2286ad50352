using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using ChitChatz.Client;
using Deadline = ChitChatz.Tests.Support.Deadline;

namespace ChitChatz.Tests.Client;

/// <summary>The hook that sees frames as they are.</summary>
public sealed class FrameHookTests
{
    private readonly ConcurrentQueue<Frame> _wire = new();
    private readonly ConcurrentQueue<Frame> _seen = new();
    private readonly ConcurrentQueue<string> _texts = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OnFrame_OverAConversationAndALoss_SeesEachFrameInOrderWithItsBytes()
    {
        await using var bench = Bench();
        var (connection, room) = await bench.JoinAsync();
        var sending = room.SendAsync("grüße", cancellationToken: Token);
        await connection.AckAsync(await connection.ExpectAsync("message"), 1);
        await Deadline.Within(sending, "the receipt");
        // An event that this version does not know, and a frame that comes in pieces.
        await connection.SendTextAsync("""{"event":"weather","data":"rain"}""");
        await connection.PushAsync(1, "grüße");
        await connection.PushAsync(2, new string('x', 6_000));
        await bench.ExpectAsync(room, 1, 2);
        connection.Cut();
        var next = await bench.ReconnectAsync();
        await next.LetInAsync(head: 2, recovered: true);
        await bench.StateAsync(ChatState.Connected);

        Assert.Equal(
            [
                "Sent register", "Received register", "Sent join_room", "Received register", "Sent message", "Received ack", "Received weather",
                "Received message", "Received message", "Sent join_room", "Received register",
            ],
            _seen.Zip(_texts, static (frame, text) => $"{frame.Direction} {(string?)JsonNode.Parse(text)!["event"]}"));
        Assert.Equal(_wire.Select(static frame => frame.ToString()), _seen.Select(static frame => frame.ToString()));
        Assert.Equal("grüße", (string?)JsonNode.Parse(_texts.ElementAt(4))!["data"]);
    }

    [Fact]
    public async Task OnFrame_OfWhatIsNoneOfTheProtocol_SeesWhatCostTheConnection()
    {
        await using var bench = Bench();
        var (connection, _) = await bench.JoinAsync();
        await connection.SendTextAsync("nonsense");
        await bench.StateAsync(ChatState.Reconnecting);

        Assert.Equal((new Frame(ChatFrameDirection.Received, "nonsense"), "nonsense"), (_seen.Last(), _texts.Last()));
    }

    private ClientBench Bench() => new(options =>
    {
        var open = options.OpenSocket!;
        options.OpenSocket = async (server, cancellationToken) =>
            new TappedSocket(await open(server, cancellationToken), (direction, bytes) => _wire.Enqueue(new Frame(direction, Encoding.Latin1.GetString(bytes))));
        options.OnFrame = frame =>
        {
            _seen.Enqueue(new Frame(frame.Direction, Encoding.Latin1.GetString(frame.Utf8.Span)));
            _texts.Enqueue(frame.ToString());
        };
    });

    /// <param name="Direction">Who sent it.</param>
    /// <param name="Bytes">Its bytes, each as one character.</param>
    private readonly record struct Frame(ChatFrameDirection Direction, string Bytes);
}
