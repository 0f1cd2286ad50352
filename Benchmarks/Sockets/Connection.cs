using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ChitChatz.Benchmarks.Scenarios;
using ChitChatz.Benchmarks.Wires;

namespace ChitChatz.Benchmarks.Sockets;

/// <summary>A client's side of one WebSocket: the upgrade, frames out of the read buffer, one write for all that a read caused.</summary>
internal sealed class Connection : IOutput, IDisposable
{
    // Linux' IP_BIND_ADDRESS_NO_PORT: the port is chosen when it is known whereto, so that it need be free towards that server only.
    private const int IpLevel = 0;
    private const int BindAddressNoPort = 24;

    // Of the 28,000 ports that the system gives away for each pair of addresses, many are those of connections that ended a minute ago.
    private const int ConnectionsPerAddress = 5_000;

    private readonly EventLoop _loop;
    private readonly Socket _socket;
    private readonly Member _member;
    private readonly Wire _wire;

    private byte[] _rest = new byte[1024];
    private int _restLength;
    private byte[] _out = new byte[1024];
    private int _outLength;
    private byte[] _fragments = [];
    private int _fragmentsLength;
    private bool _upgraded;
    private bool _waitsForSocket;

    private Connection(EventLoop loop, Socket socket, Member member) => (_loop, _socket, _member, _wire) = (loop, socket, member, member.Wire);

    public int Descriptor => (int)_socket.Handle;

    public bool IsClosed { get; private set; }

    /// <summary>Connects and asks for the upgrade; the member hears the rest.</summary>
    public static Connection Dial(EventLoop loop, Uri url, Member member)
    {
        var socket = Connect(url, member.Index);
        socket.NoDelay = true;
        socket.Blocking = false;
        var connection = new Connection(loop, socket, member);
        loop.Add(connection);
        connection.Queue(Encoding.ASCII.GetBytes(
            $"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"));
        connection.Flush();
        return connection;
    }

    /// <summary>Puts a frame behind those not yet written. Goes out with <see cref="Flush"/>, at the latest after the current read.</summary>
    public void Queue(ReadOnlySpan<byte> frame)
    {
        if (_out.Length - _outLength < frame.Length)
            Array.Resize(ref _out, Math.Max(2 * _out.Length, _outLength + frame.Length));

        frame.CopyTo(_out.AsSpan(_outLength));
        _outLength += frame.Length;
    }

    public void Flush()
    {
        if (_outLength == 0 || IsClosed)
            return;

        var written = _socket.Send(_out.AsSpan(0, _outLength), SocketFlags.None, out var error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            Lose(error.ToString());
            return;
        }

        _out.AsSpan(written, _outLength - written).CopyTo(_out);
        _outLength -= written;
        if (_waitsForSocket != _outLength > 0)
            _loop.WatchWritable(this, _waitsForSocket = _outLength > 0);
    }

    /// <summary>One receive call and all whole frames in it.</summary>
    public void Read(byte[] buffer)
    {
        _rest.AsSpan(0, _restLength).CopyTo(buffer);
        var received = _socket.Receive(buffer.AsSpan(_restLength), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
            return;

        if (received <= 0)
        {
            Lose(error == SocketError.Success ? "end of stream" : error.ToString());
            return;
        }

        // The bytes were here now; how long the frames wait for their turn in this loop is not the server's time.
        var now = Stopwatch.GetTimestamp();
        var bytes = buffer.AsSpan(0, _restLength + received);
        if (!_upgraded && !TryUpgrade(ref bytes))
            return;

        while (!IsClosed && ServerFrame.TryRead(bytes, out var frame))
        {
            if (frame.First == ServerFrame.WholeText)
                _wire.OnText(frame.Payload, now);
            else
                OnOther(frame, now);

            bytes = bytes[frame.Length..];
        }

        Keep(bytes);
        Flush();
    }

    /// <summary>Ends it from our side without waiting.</summary>
    public void Dispose()
    {
        if (IsClosed)
            return;

        IsClosed = true;
        _loop.Remove(this);
        _socket.Dispose();
    }

    private bool TryUpgrade(ref Span<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            Keep(bytes);
            return false;
        }

        if (!bytes.StartsWith("HTTP/1.1 101 "u8))
        {
            Lose("no upgrade: " + Encoding.ASCII.GetString(bytes[..bytes.IndexOf((byte)'\r')]));
            return false;
        }

        bytes = bytes[(end + 4)..];
        _upgraded = true;
        _wire.Open(this);
        return true;
    }

    // Several addresses of loopback, where one has too few ports for so many connections.
    private static Socket Connect(Uri url, int index)
    {
        var loopback = url.IsLoopback && url.HostNameType != UriHostNameType.IPv6;
        if (!loopback)
        {
            Socket remote = new(SocketType.Stream, ProtocolType.Tcp);
            remote.Connect(url.Host, url.Port);
            return remote;
        }

        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetRawSocketOption(IpLevel, BindAddressNoPort, BitConverter.GetBytes(1));
        socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)(1 + index / ConnectionsPerAddress)]), 0));
        socket.Connect(new IPEndPoint(IPAddress.Loopback, url.Port));
        return socket;
    }

    // A server may send a text in several frames, such as one for each of its buffers.
    private void OnFragment(ServerFrame frame, long now)
    {
        if (_fragments.Length - _fragmentsLength < frame.Payload.Length)
            Array.Resize(ref _fragments, Math.Max(2 * _fragments.Length, _fragmentsLength + frame.Payload.Length));

        frame.Payload.CopyTo(_fragments.AsSpan(_fragmentsLength));
        _fragmentsLength += frame.Payload.Length;
        if (frame.First != ServerFrame.LastContinuation)
            return;

        _wire.OnText(_fragments.AsSpan(0, _fragmentsLength), now);
        _fragmentsLength = 0;
    }

    private void OnOther(ServerFrame frame, long now)
    {
        if (frame.First is ServerFrame.FirstOfText or ServerFrame.Continuation or ServerFrame.LastContinuation)
            OnFragment(frame, now);
        else if (frame.First == ServerFrame.Ping)
            Queue(ClientFrame.Pong(frame.Payload).Bytes);
        else if (frame.First == ServerFrame.Close)
            Lose(frame.Payload.Length < 2 ? "close" : $"close {frame.Payload[0] << 8 | frame.Payload[1]} {Encoding.UTF8.GetString(frame.Payload[2..])}");
        else
            Lose($"frame 0x{frame.First:x2}, which this client does not read");
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_rest.Length < bytes.Length)
            _rest = new byte[bytes.Length];

        bytes.CopyTo(_rest);
        _restLength = bytes.Length;
    }

    private void Lose(string why)
    {
        Dispose();
        _member.OnClosed(why);
    }
}
