using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Guarantees;

/// <summary>How a member does not read.</summary>
internal enum Slowness
{
    /// <summary>It reads nothing.</summary>
    Silent,

    /// <summary>It reads a byte a second.</summary>
    Trickling,

    /// <summary>It breaks the rules of framing, and then reads nothing: neither what is pushed nor the close.</summary>
    Broken,
}

/// <summary>A member of a room that hardly reads, over a bare socket with a small buffer.</summary>
internal sealed class SlowMember : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };

    private SlowMember()
    {
    }

    /// <summary>Registers and asks to join; nothing of the answer to the join is read.</summary>
    public static async Task<SlowMember> JoinAsync(Uri server, string room, string name, int version, Slowness slowness)
    {
        SlowMember member = new();
        await member._socket.ConnectAsync(server.Host, server.Port);
        await member._socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET / HTTP/1.1\r\nHost: {server.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        await member._socket.SendAsync(RawWebSocket.Text(new JsonObject { ["event"] = "register", ["name"] = name, ["v"] = version }));
        string jwt = await member.ReadTokenAsync();
        await member._socket.SendAsync(RawWebSocket.Text(new JsonObject { ["event"] = "join_room", ["room"] = room, ["jwt"] = jwt }));
        switch (slowness)
        {
            case Slowness.Trickling:
                _ = member.TrickleAsync();
                break;
            case Slowness.Broken:
                // Opcode 3 means nothing.
                await member._socket.SendAsync(new byte[] { 0x83, 0x80, 0, 0, 0, 0 });
                break;
        }

        return member;
    }

    public void Dispose() => _socket.Dispose();

    private async Task TrickleAsync()
    {
        byte[] buffer = new byte[1];
        using PeriodicTimer second = new(TimeSpan.FromSeconds(1));
        try
        {
            while (await second.WaitForNextTickAsync() && await _socket.ReceiveAsync(buffer.AsMemory()) > 0)
            {
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut by the server, or the test is over.
        }
    }

    private async Task<string> ReadTokenAsync()
    {
        StringBuilder read = new();
        byte[] buffer = new byte[4_096];
        while (true)
        {
            int count = await Deadline.Within(_socket.ReceiveAsync(buffer.AsMemory()).AsTask(), "the answer to a register");
            read.Append(Encoding.UTF8.GetString(buffer, 0, count));
            string text = read.ToString();
            int start = text.IndexOf("\"jwt\":\"", StringComparison.Ordinal);
            int end = start < 0 ? -1 : text.IndexOf("\"}", start, StringComparison.Ordinal);
            if (end > 0)
            {
                return text[(start + 7)..end];
            }
        }
    }
}
