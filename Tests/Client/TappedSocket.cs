using System.Buffers;
using System.Net.WebSockets;
using ChitChatz.Client;

namespace ChitChatz.Tests.Client;

/// <summary>Tells of each text that goes over a socket, whole: of those that are sent before they are, of those that are received before their reader has them.</summary>
internal sealed class TappedSocket(WebSocket inner, Action<ChatFrameDirection, byte[]> tap) : PassingSocket(inner)
{
    private readonly ArrayBufferWriter<byte> _received = new();

    public override ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        tap(ChatFrameDirection.Sent, buffer.ToArray());
        return Inner.SendAsync(buffer, messageType, endOfMessage, cancellationToken);
    }

    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await Inner.ReceiveAsync(buffer, cancellationToken);
        if (read.MessageType != WebSocketMessageType.Text)
            return read;
        _received.Write(buffer.Span[..read.Count]);
        if (read.EndOfMessage)
        {
            tap(ChatFrameDirection.Received, _received.WrittenSpan.ToArray());
            _received.Clear();
        }

        return read;
    }
}
