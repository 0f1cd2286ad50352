using System.Net;
using System.Net.Sockets;

namespace ChitChatz.Chaos.Faults;

/// <summary>How a connection is cut.</summary>
public enum CutKind
{
    /// <summary>With a reset in both directions, as a killed process or a pulled plug does.</summary>
    Reset,

    /// <summary>With an orderly end of both streams.</summary>
    Close,

    /// <summary>Only the direction that reached its limit ends; the other goes on.</summary>
    HalfClose,

    /// <summary>Nothing more goes through in either direction, and nobody is told.</summary>
    Stall,
}

/// <summary>What becomes of one connection.</summary>
/// <param name="Kind">How it ends.</param>
/// <param name="FromServer">After how many bytes from the server; null for never.</param>
/// <param name="FromClient">After how many bytes from the client; null for never.</param>
/// <param name="Delay">How long each piece waits on its way.</param>
public sealed record CutPlan(CutKind Kind, long? FromServer, long? FromClient, TimeSpan Delay = default)
{
    /// <summary>A connection that is left alone.</summary>
    public static CutPlan None { get; } = new(CutKind.Close, null, null);
}

/// <summary>A TCP line to a server that breaks at chosen bytes: in the middle of a frame, of an ack, of a handshake.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _target;
    private readonly Func<CutPlan> _plan;
    private readonly Task _accepting;
    private int _cuts;

    /// <param name="target">The server.</param>
    /// <param name="plan">Makes the plan of each connection as it comes; called by one at a time.</param>
    public TcpProxy(Uri target, Func<CutPlan> plan)
    {
        _target = target;
        _plan = plan;
        _listener.Start(512);
        Address = new UriBuilder(target) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _accepting = AcceptAsync();
    }

    /// <summary>The server's address by way of this line.</summary>
    public Uri Address { get; }

    /// <summary>How many connections were cut.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>False leaves all further connections alone.</summary>
    public bool IsFaulty { get; set; } = true;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var lines = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                lines.RemoveAll(static line => line.IsCompleted);
                lines.Add(ServeAsync(client, IsFaulty ? _plan() : CutPlan.None));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(lines);
        }
    }

    private async Task ServeAsync(Socket client, CutPlan plan)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            try
            {
                await server.ConnectAsync(_target.Host, _target.Port, over.Token);
                await Task.WhenAll(
                    PumpAsync(client, server, plan.FromClient, plan, over),
                    PumpAsync(server, client, plan.FromServer, plan, over));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Over, by whichever side.
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, long? limit, CutPlan plan, CancellationTokenSource over)
    {
        var buffer = new byte[16 * 1024];
        var left = limit ?? long.MaxValue;
        while (true)
        {
            var read = await from.ReceiveAsync(buffer.AsMemory(), over.Token);
            if (read == 0)
            {
                to.Shutdown(SocketShutdown.Send);
                return;
            }

            if (plan.Delay > TimeSpan.Zero)
                await Task.Delay(plan.Delay, over.Token);
            var passed = (int)Math.Min(read, left);
            for (var sent = 0; sent < passed;)
                sent += await to.SendAsync(buffer.AsMemory(sent, passed - sent), over.Token);
            left -= passed;
            if (left == 0)
            {
                await CutAsync(from, to, plan.Kind, over);
                return;
            }
        }
    }

    private async Task CutAsync(Socket from, Socket to, CutKind kind, CancellationTokenSource over)
    {
        Interlocked.Increment(ref _cuts);
        switch (kind)
        {
            case CutKind.HalfClose:
                to.Shutdown(SocketShutdown.Send);
                return;
            case CutKind.Stall:
                await Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token);
                return;
            case CutKind.Reset:
                from.LingerState = to.LingerState = new LingerOption(true, 0);
                break;
        }

        from.Close();
        to.Close();
        await over.CancelAsync();
    }
}
