using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace ChitChatz.Streaming;

/// <summary>
/// The order of a stop. A silo stops its stages from the highest to the lowest, so:
/// <list type="number">
/// <item>Before anything else stops, the queues get a moment to run empty. Later, from the stage Active on, a silo learns no
/// new routes to clients, so this is the time that counts for what was published before the stop.</item>
/// <item>Grains are deactivated; they commit and publish their last.</item>
/// <item>The queues get a moment again, for those last items.</item>
/// <item>The agents stop. With Orleans' default they would in the first stage, and the grains' last items would go to queues
/// that nobody reads.</item>
/// </list>
/// </summary>
internal sealed class DrainBeforeStop(PushQueues queues, ILogger logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private const int FirstStage = ServiceLifecycleStage.Active + 1;
    private const int AfterGrainsStage = ServiceLifecycleStage.GrainDeactivation - 1;

    /// <summary>Where the agents start and stop. At start it is early for them, which is harmless: nothing is published yet.</summary>
    public const int AgentStage = AfterGrainsStage - 1;

    public static DrainBeforeStop Create(IServiceProvider services, string name) =>
        new(services.GetRequiredKeyedService<PushQueues>(name), services.GetRequiredService<ILogger<DrainBeforeStop>>());

    public void Participate(ISiloLifecycle observer)
    {
        observer.Subscribe(nameof(DrainBeforeStop), FirstStage, _ => Task.CompletedTask, cancelled => Drain("its grains", cancelled));
        observer.Subscribe(nameof(DrainBeforeStop), AfterGrainsStage, _ => Task.CompletedTask, cancelled => Drain("its agents", cancelled));
    }

    private async Task Drain(string next, CancellationToken cancellationToken)
    {
        // A cancelled stop is a hurried one, a kill: then nothing waits.
        if (cancellationToken.IsCancellationRequested)
            return;
        TimeSpan time = queues.Options.StopDrainTime;
        if (!await queues.WhenDrainedAsync(time, CancellationToken.None))
            PushStreamLog.StoppedUndrained(logger, queues.Name, next, time);
    }
}
