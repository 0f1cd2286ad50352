using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;
using Orleans.Runtime;

namespace ChitChatz.Silo.Cluster;

/// <summary>
/// Tells a crash from silence. A process that is killed leaves two traces within a millisecond: the kernel closes its connections, and
/// refuses new ones to its port. A silo that is busy, frozen or cut off leaves neither. So when a connection to another silo ends, this asks
/// at once whether anybody still listens there, and if twice nobody does, has that silo declared dead; its rooms move at once, and the
/// patience of Orleans' probes can be that which a busy machine needs. docs/adr/0004-crash-detection.md.
/// </summary>
internal sealed class CrashDetector(IClusterMembershipService membership, ILocalSiloDetails self, TimeProvider time, ILogger<CrashDetector> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    /// <summary>How often a port has to refuse.</summary>
    private const int Refusals = 2;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    /// <summary>While the membership table cannot be written.</summary>
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    // One token for all connections that ended until the loop has seen them.
    private readonly Channel<bool> _ended = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<SiloAddress, bool> _looking = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Watches the connections with other silos. Which of two silos made theirs is chance, so both ends are watched.</summary>
    public static void Watch(SiloConnectionOptions options, CrashDetector detector)
    {
        options.ConfigureSiloOutboundConnection(connection => connection.Use(detector.Watch));
        options.ConfigureSiloInboundConnection(connection => connection.Use(detector.Watch));
    }

    // From before this silo joins: those that the table shows as active may have been killed together with its former self.
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(CrashDetector), ServiceLifecycleStage.AfterRuntimeGrainServices, Start, Stop);

    public void Dispose() => _stopping.Dispose();

    private ConnectionDelegate Watch(ConnectionDelegate next) => async context =>
    {
        try
        {
            await next(context);
        }
        finally
        {
            _ended.Writer.TryWrite(true);
        }
    };

    private Task Start(CancellationToken cancellationToken)
    {
        _ended.Writer.TryWrite(true);
        _running = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task Stop(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // An end does not say whose it is where the other side made the connection, so all are asked: a handful of packets.
    private async Task RunAsync()
    {
        while (await _ended.Reader.ReadAsync(_stopping.Token))
        {
            foreach (ClusterMember member in membership.CurrentSnapshot.Members.Values)
            {
                if (ShouldListen(member.SiloAddress) && _looking.TryAdd(member.SiloAddress, true))
                    _ = LookAsync(member.SiloAddress);
            }
        }
    }

    private async Task LookAsync(SiloAddress silo)
    {
        try
        {
            int refused = 0;
            while (ShouldListen(silo) && await IsRefusedAsync(silo.Endpoint))
            {
                if (++refused < Refusals)
                {
                    await Task.Delay(s_pause, time, _stopping.Token);
                    continue;
                }

                CrashDetectorLog.Crashed(logger, silo);
                if (await TryDeclareDeadAsync(silo))
                    return;
                await Task.Delay(s_retry, time, _stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // This silo stops.
        }
        finally
        {
            _looking.TryRemove(silo, out _);
        }
    }

    /// <summary>One that stops closes its port on its own account.</summary>
    private bool ShouldListen(SiloAddress silo) =>
        !silo.Equals(self.SiloAddress) && membership.CurrentSnapshot.GetSiloStatus(silo) == SiloStatus.Active;

    /// <summary>True only when the machine answers that nobody listens. No answer, or another, says nothing.</summary>
    private async Task<bool> IsRefusedAsync(EndPoint endpoint)
    {
        using Socket socket = new(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using CancellationTokenSource patience = new(s_patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stopping.Token);
        try
        {
            await socket.ConnectAsync(endpoint, either.Token);
            return false;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<bool> TryDeclareDeadAsync(SiloAddress silo)
    {
        try
        {
            return await membership.TryKill(silo);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            CrashDetectorLog.NotDeclared(logger, silo, exception);
            return false;
        }
    }
}
