using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace ChitChatz.Tests.Client;

/// <summary>The control of de-duplication: gives each message another id on each connection, so that the server does not know a repeat.</summary>
internal sealed class RenamingSocket(WebSocket inner, int connection) : PassingSocket(inner)
{
    private readonly string _suffix = string.Create(CultureInfo.InvariantCulture, $"#{connection}");
    private ReadOnlyMemory<byte> _received;

    public static async Task<WebSocket> OpenAsync(Uri server, int connection, CancellationToken cancellationToken)
    {
        ClientWebSocket socket = new();
        await socket.ConnectAsync(server, cancellationToken);
        return new RenamingSocket(socket, connection);
    }

    public override ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        var frame = JsonNode.Parse(buffer.Span)!.AsObject();
        if ((string?)frame["event"] == "message")
            frame["id"] = (string?)frame["id"] + _suffix;
        return Inner.SendAsync(Encoding.UTF8.GetBytes(frame.ToJsonString()).AsMemory(), messageType, endOfMessage, cancellationToken);
    }

    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_received.IsEmpty)
        {
            var whole = new byte[256 * 1024];
            for (var length = 0; ;)
            {
                var read = await Inner.ReceiveAsync(whole.AsMemory(length), cancellationToken);
                length += read.Count;
                if (read.MessageType == WebSocketMessageType.Close)
                    return read;
                if (!read.EndOfMessage)
                    continue;
                _received = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(whole.AsSpan(0, length)).Replace(_suffix + "\"", "\"", StringComparison.Ordinal));
                break;
            }
        }

        var count = Math.Min(buffer.Length, _received.Length);
        _received[..count].CopyTo(buffer);
        _received = _received[count..];
        return new ValueWebSocketReceiveResult(count, WebSocketMessageType.Text, _received.IsEmpty);
    }
}
