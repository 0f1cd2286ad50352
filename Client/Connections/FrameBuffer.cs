using System.Net.WebSockets;

namespace ChitChatz.Client.Connections;

/// <summary>Puts messages of a socket together. The same memory serves for each: a message is valid until the next is received.</summary>
internal sealed class FrameBuffer
{
    /// <summary>No frame of a server comes near: a page of history has 64 KiB of texts, a list of rooms 1,000 names.</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    private byte[] _bytes = new byte[4 * 1024];

    /// <summary>The next text; null when the server closed.</summary>
    /// <exception cref="InvalidDataException">It is binary, or too long.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(WebSocket socket)
    {
        for (var length = 0; ;)
        {
            if (length == _bytes.Length)
                Array.Resize(ref _bytes, length < MaxBytes ? length * 2 : throw new InvalidDataException($"A frame is longer than {MaxBytes} bytes."));
            var read = await socket.ReceiveAsync(_bytes.AsMemory(length), CancellationToken.None);
            if (read.MessageType == WebSocketMessageType.Close)
                return null;
            if (read.MessageType != WebSocketMessageType.Text)
                throw new InvalidDataException("A frame is binary.");
            length += read.Count;
            if (read.EndOfMessage)
                return _bytes.AsMemory(0, length);
        }
    }
}
