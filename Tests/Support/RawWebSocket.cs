using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace ChitChatz.Tests.Support;

/// <summary>A WebSocket client that sends any bytes: frames of our own making, many in one TCP write, or rubbish.</summary>
internal sealed class RawWebSocket : IAsyncDisposable
{
    private readonly TcpClient _tcp = new() { NoDelay = true };
    private NetworkStream _stream = null!;

    /// <summary>The token that <see cref="EnterAsync"/> got.</summary>
    public string? Jwt { get; private set; }

    /// <summary>Connects and does the handshake.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="headers">Further header lines, each with its line end.</param>
    /// <param name="receiveBuffer">A small one makes a slow reader: what it does not read stays with the server.</param>
    public static async Task<RawWebSocket> ConnectAsync(Uri server, string? headers = null, int? receiveBuffer = null)
    {
        RawWebSocket raw = new();
        raw._tcp.ReceiveBufferSize = receiveBuffer ?? raw._tcp.ReceiveBufferSize;
        string answer = await raw.HandshakeAsync(server, headers);
        Assert.StartsWith("HTTP/1.1 101", answer, StringComparison.Ordinal);
        return raw;
    }

    /// <summary>Connects, sends an upgrade request with further header lines, and returns the head of the answer.</summary>
    public Task<string> HandshakeAsync(Uri server, string? headers = null)
        => RequestAsync(
            server,
            $"GET / HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
            $"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n");

    /// <summary>Connects, sends any request, and returns the head of the answer; nothing when the server hung up without one.</summary>
    public async Task<string> RequestAsync(Uri server, string request)
    {
        await OpenAsync(server);
        try
        {
            await SendAsync(Encoding.ASCII.GetBytes(request));
        }
        catch (IOException)
        {
            // Refused before its end; the answer may be there all the same.
        }

        StringBuilder head = new();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await ReadAsync(one) == 1)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    /// <summary>Connects and says nothing.</summary>
    public async Task OpenAsync(Uri server)
    {
        await _tcp.ConnectAsync(server.Host, server.Port, TestContext.Current.CancellationToken);
        _stream = _tcp.GetStream();
    }

    /// <summary>Cuts the connection with a reset.</summary>
    public void Reset()
    {
        _tcp.Client.LingerState = new LingerOption(true, 0);
        _tcp.Close();
    }

    /// <summary>Sends bytes as they are, in one write.</summary>
    public Task SendAsync(params byte[][] parts)
        => _stream.WriteAsync(parts.SelectMany(static part => part).ToArray(), TestContext.Current.CancellationToken).AsTask();

    /// <summary>Says by TCP that nothing more will come; what the server sends can still be read.</summary>
    public void EndSending() => _tcp.Client.Shutdown(SocketShutdown.Send);

    /// <summary>A masked frame of a client.</summary>
    public static byte[] Frame(int first, byte[] payload, bool masked = true)
    {
        byte[] mask = masked ? [1, 2, 3, 4] : [];
        byte[] length = payload.Length switch
        {
            < 126 => [(byte)payload.Length],
            <= ushort.MaxValue => [126, (byte)(payload.Length >> 8), (byte)payload.Length],
            _ => [127, 0, 0, 0, 0, (byte)(payload.Length >> 24), (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length],
        };
        length[0] |= (byte)(masked ? 0x80 : 0);
        byte[] sent = [.. payload.Select((b, i) => masked ? (byte)(b ^ mask[i % 4]) : b)];
        return [(byte)first, .. length, .. mask, .. sent];
    }

    /// <summary>A masked text frame.</summary>
    public static byte[] Text(string text) => Frame(0x81, Encoding.UTF8.GetBytes(text));

    /// <summary>A masked text frame with a frame of the protocol.</summary>
    public static byte[] Text(JsonObject frame) => Text(frame.ToJsonString());

    /// <summary>A masked close frame.</summary>
    public static byte[] Close(int status) => Frame(0x88, [(byte)(status >> 8), (byte)status]);

    /// <summary>The next frame of the server: opcode and payload. Null when the connection is over.</summary>
    public async Task<(int Opcode, byte[] Payload)?> ReadFrameAsync()
    {
        byte[] head = new byte[2];
        if (!await ReadExactlyAsync(head))
        {
            return null;
        }

        Assert.Equal(0, head[1] & 0x80);
        long length = head[1] & 0x7F;
        if (length >= 126)
        {
            byte[] extended = new byte[length == 126 ? 2 : 8];
            await ReadExactlyAsync(extended);
            length = extended.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(extended) : BinaryPrimitives.ReadInt64BigEndian(extended);
        }

        byte[] payload = new byte[length];
        await ReadExactlyAsync(payload);
        return (head[0] & 0x0F, payload);
    }

    /// <summary>The next frame that is no text.</summary>
    public Task<(int Opcode, byte[] Payload)?> ReadPastTextsAsync() => Deadline.Within(PastTextsAsync(), "a frame that is no text");

    private async Task<(int Opcode, byte[] Payload)?> PastTextsAsync()
    {
        while (true)
        {
            (int Opcode, byte[] Payload)? frame = await ReadFrameAsync();
            if (frame?.Opcode != 1)
            {
                return frame;
            }
        }
    }

    /// <summary>The next text frame, pings and pongs left out.</summary>
    public Task<JsonObject> ReadJsonAsync() => Deadline.Within(JsonAsync(), "a text frame");

    private async Task<JsonObject> JsonAsync()
    {
        while (true)
        {
            (int opcode, byte[] payload) = await ReadFrameAsync() ?? throw new IOException("The connection ended where a frame was expected");
            if (opcode == 1)
            {
                return JsonNode.Parse(payload)!.AsObject();
            }

            Assert.True(opcode is 9 or 10, $"A frame with opcode {opcode} where a text was expected");
        }
    }

    /// <summary>Reads to the server's close frame; its status, or null when the connection just ended.</summary>
    public Task<int?> ReadToCloseAsync(List<JsonObject>? texts = null) => Deadline.Within(ToCloseAsync(texts), "the server's close frame");

    private async Task<int?> ToCloseAsync(List<JsonObject>? texts)
    {
        while (await ReadFrameAsync() is { } frame)
        {
            if (frame.Opcode == 8)
            {
                return frame.Payload.Length < 2 ? 1005 : BinaryPrimitives.ReadUInt16BigEndian(frame.Payload);
            }

            if (frame.Opcode == 1)
            {
                texts?.Add(JsonNode.Parse(frame.Payload)!.AsObject());
            }
        }

        return null;
    }

    /// <summary>Reads until the server hangs up.</summary>
    public Task ReadToEndAsync() => Deadline.Within(ToEndAsync(), "the end of the connection");

    private async Task ToEndAsync()
    {
        while (await ReadFrameAsync() is not null)
        {
        }
    }

    /// <summary>Registers and, if wanted, joins; returns the token.</summary>
    public async Task<string> EnterAsync(string name, string? room = null)
    {
        await SendAsync(Text(new JsonObject { ["event"] = "register", ["name"] = name }));
        string jwt = (string)(await ReadEventAsync("register"))["jwt"]!;
        if (room is not null)
        {
            await SendAsync(Text(new JsonObject { ["event"] = "join_room", ["room"] = room, ["jwt"] = jwt }));
            jwt = (string)(await ReadEventAsync("register"))["jwt"]!;
        }

        Jwt = jwt;
        return jwt;
    }

    /// <summary>The next frame of this event; pushes of the room list are read over.</summary>
    public async Task<JsonObject> ReadEventAsync(string @event)
    {
        while (true)
        {
            JsonObject frame = await ReadJsonAsync();
            if ((string?)frame["event"] == @event)
            {
                return frame;
            }

            Assert.True((string?)frame["event"] == "rooms", $"Expected '{@event}', got {frame.ToJsonString()}");
        }
    }

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> ReadExactlyAsync(byte[] buffer)
    {
        for (int read = 0; read < buffer.Length;)
        {
            int more = await ReadAsync(buffer.AsMemory(read));
            if (more == 0)
            {
                return false;
            }

            read += more;
        }

        return true;
    }

    private async Task<int> ReadAsync(Memory<byte> buffer)
    {
        try
        {
            return await Deadline.Within(_stream.ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask(), "bytes from the server");
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
