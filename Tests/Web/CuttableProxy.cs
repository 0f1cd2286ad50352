using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ChitChatz.Tests.Web;

/// <summary>
/// A TCP line to a server that a test can cut, close for new calls, or make swallow what the client says. With several servers it is
/// what stands before them in production: a call goes to the first one that answers.
/// </summary>
public sealed class CuttableProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<TcpClient, byte> _open = new();
    private readonly Uri[] _targets;
    private readonly Task _accepting;
    private volatile bool _closed;
    private volatile bool _swallowing;

    public CuttableProxy(params Uri[] targets)
    {
        _targets = targets;
        _listener.Start();
        Address = new UriBuilder(targets[0]) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _accepting = AcceptAsync();
    }

    /// <summary>The server's address by way of this line.</summary>
    public Uri Address { get; }

    /// <summary>Ends all connections with a reset, as a pulled plug or a killed process does.</summary>
    public void Cut()
    {
        foreach (var client in _open.Keys)
        {
            try
            {
                // Null once it was disposed: by its other end, at this moment.
                client.Client?.LingerState = new LingerOption(true, 0);
            }
            catch (ObjectDisposedException)
            {
                // The same, a moment later.
            }

            client.Dispose();
        }
    }

    /// <summary>Cuts, and resets every new connection until <see cref="Restore"/>.</summary>
    public void Close()
    {
        _closed = true;
        Cut();
    }

    /// <summary>From now on the server hears nothing, though the client can write.</summary>
    public void Swallow() => _swallowing = true;

    public void Restore() => _closed = _swallowing = false;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Cut();
        await _accepting;
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        TcpClient? server = null;
        _open.TryAdd(client, 0);
        try
        {
            if (_closed)
                return;
            server = await DialAsync();
            await Task.WhenAny(
                CopyAsync(client.GetStream(), server.GetStream(), () => _swallowing),
                CopyAsync(server.GetStream(), client.GetStream(), () => false));
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // Cut by one side, or by the test.
        }
        finally
        {
            _open.TryRemove(client, out _);
            client.Dispose();
            server?.Dispose();
        }
    }

    private async Task<TcpClient> DialAsync()
    {
        for (var i = 0; ; i++)
        {
            var server = new TcpClient();
            try
            {
                await server.ConnectAsync(_targets[i].Host, _targets[i].Port, _stopping.Token);
                return server;
            }
            catch (SocketException) when (i < _targets.Length - 1)
            {
                // That one is down; the next.
                server.Dispose();
            }
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, Func<bool> swallow)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, _stopping.Token) is > 0 and var read)
            {
                if (!swallow())
                    await to.WriteAsync(buffer.AsMemory(0, read), _stopping.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Either end is gone; the caller closes the other one.
        }
    }
}
