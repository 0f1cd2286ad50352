using System.Buffers;
using System.Net.WebSockets;
using ChitChatz.Client;

namespace ChitChatz.Tests.Client;

/// <summary>Tells of each text that goes over a socket, whole: of those that are sent before they are, of those that are received before their reader has them.</summary>
internal sealed class TappedSocket(WebSocket inner, Action<ChatFrameDirection, byte[]> tap) : WebSocket
{
    private readonly ArrayBufferWriter<byte> _received = new();

    public override WebSocketCloseStatus? CloseStatus => inner.CloseStatus;

    public override string? CloseStatusDescription => inner.CloseStatusDescription;

    public override WebSocketState State => inner.State;

    public override string? SubProtocol => inner.SubProtocol;

    public override void Abort() => inner.Abort();

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => inner.CloseAsync(closeStatus, statusDescription, cancellationToken);

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => inner.CloseOutputAsync(closeStatus, statusDescription, cancellationToken);

    public override void Dispose() => inner.Dispose();

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        SendAsync(buffer.AsMemory(), messageType, endOfMessage, cancellationToken).AsTask();

    public override ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        tap(ChatFrameDirection.Sent, buffer.ToArray());
        return inner.SendAsync(buffer, messageType, endOfMessage, cancellationToken);
    }

    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await inner.ReceiveAsync(buffer, cancellationToken);
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
