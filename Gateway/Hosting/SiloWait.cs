using System.Threading.Channels;
using ChitChatz.Hosting.Configuration;
using Microsoft.Extensions.Options;

namespace ChitChatz.Gateway.Hosting;

/// <summary>
/// Waits for a silo for as long as it takes, and says so: a gateway may be started first, and its silo may come back.
/// Until a silo has answered once, the gateway does not listen; load balancers see the truth then.
/// </summary>
internal sealed class SiloWait(IOptions<ClusterSettings> cluster, IOptions<SiloSettings> silo, TimeProvider time, ILogger<SiloWait> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Reminder = TimeSpan.FromSeconds(15);
    private long? _saidAt;
    // Full: a loss that nobody has looked at yet is waiting, and a second one says nothing more.
    private readonly Channel<bool> _losses = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _lost;

    // Where silos are looked for, for people.
    private string Silos => cluster.Value.InPostgres
        ? $"a silo of '{cluster.Value.ClusterId}' in {ClusterConnection.Place(cluster.Value)} (Cluster:ConnectionString)"
        : $"a silo at 127.0.0.1:{silo.Value.GatewayPort} (Silo:GatewayPort)";

    /// <summary>True from the loss of the last connection until there is one again.</summary>
    public bool IsLost => Volatile.Read(ref _lost) == 1;

    /// <summary>Called after each attempt that failed.</summary>
    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (_saidAt is not { } saidAt || time.GetElapsedTime(saidAt) >= Reminder)
        {
            _saidAt = time.GetTimestamp();
            SiloWaitLog.Waiting(logger, Silos, exception.Message.Split('\n')[0]);
        }

        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }

    /// <summary>Ends when the last connection is lost.</summary>
    public ValueTask<bool> LossAsync(CancellationToken cancellationToken) => _losses.Reader.ReadAsync(cancellationToken);

    /// <summary>The last connection to a silo has ended.</summary>
    public void Lost()
    {
        if (Interlocked.Exchange(ref _lost, 1) == 1)
            return;
        SiloWaitLog.Lost(logger, Silos);
        _losses.Writer.TryWrite(true);
    }

    /// <summary>The number of silos that the client is connected to has changed.</summary>
    public void Changed(int connected)
    {
        if (connected > 0 && Interlocked.Exchange(ref _lost, 0) == 1)
            SiloWaitLog.Back(logger, Silos);
    }
}
