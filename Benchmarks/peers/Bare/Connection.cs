using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;

namespace ChitChatz.Benchmarks.Bare;

/// <summary>One WebSocket: a loop that reads, a loop that is its only writer, and a bounded queue before that.</summary>
internal sealed class Connection(WebSocket socket, Tokens tokens, Rooms rooms, Action cut)
{
    private const int LongestFrame = 16 * 1024;

    // Full: the reader is too slow and is cut; whoever broadcasts never waits.
    private readonly Channel<byte[]> _queue = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(4096) { SingleReader = true });
    private string _name = "";
    private Room? _room;

    // A connection sends the same token again and again: the bytes of the last valid one are kept, as ChitChatz does, so that a
    // frame costs a comparison and a look at the clock, and not a signature.
    private byte[] _knownJwt = [];
    private DateTime _knownUntil;

    public void Queue(byte[] frame)
    {
        if (!_queue.Writer.TryWrite(frame))
            cut();
    }

    public async Task RunAsync(CancellationToken ended)
    {
        var writing = WriteAsync();
        try
        {
            await ReadAsync(ended);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // It ended without a good-bye.
        }

        _room?.Remove(this);
        _queue.Writer.TryComplete();
        await writing;
        if (socket.State == WebSocketState.CloseReceived)
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    private async Task ReadAsync(CancellationToken ended)
    {
        while (true)
        {
            // Waits without a buffer: most connections are silent most of the time.
            await socket.ReceiveAsync(Memory<byte>.Empty, ended);
            var buffer = ArrayPool<byte>.Shared.Rent(LongestFrame);
            try
            {
                var length = 0;
                ValueWebSocketReceiveResult received;
                do
                {
                    received = await socket.ReceiveAsync(buffer.AsMemory(length), ended);
                    if (received.MessageType == WebSocketMessageType.Close)
                        return;

                    length += received.Count;
                }
                while (!received.EndOfMessage);

                await HandleAsync(Frame.Read(buffer.AsSpan(0, length), _knownJwt));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private async ValueTask HandleAsync(Frame frame)
    {
        if (frame.Event == "register")
        {
            _name = frame.Text;
            Queue(Registered(null));
            return;
        }

        if (!await IsHolderAsync(frame))
        {
            Queue(Answers.Error("the token is not valid"));
            return;
        }

        switch (frame.Event)
        {
            case "message" when _room is not null:
                _room.Broadcast(Answers.Message(_name, frame.Text));
                break;

            case "join_room":
                _room?.Remove(this);
                _room = rooms.Get(frame.Text);
                _room.Add(this, Registered(frame.Text));
                break;

            case "leave_room":
                _room?.Remove(this);
                _room = null;
                Queue(Registered(null));
                break;

            default:
                Queue(Answers.Error("not in a room, or not an event that this server knows"));
                break;
        }
    }

    private async ValueTask<bool> IsHolderAsync(Frame frame)
    {
        if (!frame.SameJwt)
        {
            if (frame.Jwt is null || await tokens.CheckAsync(frame.Jwt) is not { } until)
                return false;

            (_knownJwt, _knownUntil) = (Encoding.ASCII.GetBytes(frame.Jwt), until);
        }

        return TimeProvider.System.GetUtcNow().UtcDateTime < _knownUntil;
    }

    private byte[] Registered(string? room) => Answers.Registered(tokens.Issue(_name, room));

    private async Task WriteAsync()
    {
        try
        {
            // Kestrel gathers what is written while a send is under way, so frame by frame costs no system call each.
            await foreach (var frame in _queue.Reader.ReadAllAsync())
                await socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            _queue.Writer.TryComplete();
            cut();
        }
    }
}
