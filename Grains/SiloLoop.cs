using Microsoft.Extensions.Logging;

namespace ChitChatz.Grains;

/// <summary>
/// A background loop of a silo. It starts when the silo is active and grains can be called, and its end is awaited
/// before anything else of the silo stops, grains included.
/// </summary>
internal abstract class SiloLoop(ILogger logger) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(GetType().Name, ServiceLifecycleStage.Active, Start, Stop);

    public void Dispose() => _stopping.Dispose();

    /// <summary>The loop; ends when the token says so, by return or by <see cref="OperationCanceledException"/>.</summary>
    protected abstract Task RunAsync(CancellationToken stopping);

    private Task Start(CancellationToken cancellationToken)
    {
        _running = Task.Run(GuardAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task Stop(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task GuardAsync()
    {
        try
        {
            await RunAsync(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            logger.LoopDied(exception, GetType().Name);
        }
    }
}
