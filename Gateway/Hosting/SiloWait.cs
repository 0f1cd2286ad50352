using ChitChatz.Hosting.Configuration;
using ChitChatz.Hosting.Start;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace ChitChatz.Gateway.Hosting;

/// <summary>
/// Waits for a silo for as long as it takes, and says so: a gateway may be started first, and its silo may come back.
/// Until a silo has answered once, the gateway does not listen; load balancers see the truth then.
/// </summary>
internal sealed class SiloWait(IOptions<ClusterSettings> cluster, IOptions<SiloSettings> silo, StartupPhase phase, TimeProvider time, ILogger<SiloWait> logger)
    : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Reminder = TimeSpan.FromSeconds(15);
    private long? _saidAt;
    private int _connected;
    private volatile bool _had;
    private int _lost;

    // Where silos are looked for, for people.
    private string Silos => cluster.Value.InPostgres
        ? $"a silo of '{cluster.Value.ClusterId}' in {ClusterConnection.Place(cluster.Value)} (Cluster:ConnectionString)"
        : $"a silo at 127.0.0.1:{silo.Value.GatewayPort} (Silo:GatewayPort)";

    /// <summary>To how many silos there is a connection.</summary>
    public int Connected => Volatile.Read(ref _connected);

    /// <summary>Called after each attempt that failed.</summary>
    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        string reason = Reason(exception);
        phase.WaitsFor = $"Waiting for {Silos}: {reason}.";
        if (_saidAt is not { } saidAt || time.GetElapsedTime(saidAt) >= Reminder)
        {
            _saidAt = time.GetTimestamp();
            SiloWaitLog.Waiting(logger, Silos, reason);
        }

        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }

    /// <summary>The last connection to a silo has ended.</summary>
    public void Lost()
    {
        // Orleans reports the loss of one that was never there, too.
        if (_had && Interlocked.Exchange(ref _lost, 1) == 0)
            SiloWaitLog.Lost(logger, Silos);
    }

    /// <summary>The number of silos that the client is connected to has changed.</summary>
    public void Changed(int connected)
    {
        Volatile.Write(ref _connected, connected);
        if (connected == 0)
            return;
        _had = true;
        phase.WaitsFor = null;
        if (Interlocked.Exchange(ref _lost, 0) == 1)
            SiloWaitLog.Back(logger, Silos);
    }

    private static string Reason(Exception exception) => exception switch
    {
        // Of the list of silos, which is read first; Orleans names its own class.
        SiloUnavailableException when exception.Message.StartsWith("Could not find any gateway", StringComparison.Ordinal) => "no silo has joined yet",
        _ => ClusterConnection.Failure(exception) ?? exception.Message.Split('\n')[0].TrimEnd('.'),
    };
}
