using ChitChatz.Chaos.Checking;
using ChitChatz.Chaos.Cluster;

namespace ChitChatz.Chaos.Faults;

/// <summary>A time in which something was down, in the history's microseconds.</summary>
public readonly record struct Outage(long From, long To);

/// <summary>Carries a plan out.</summary>
public sealed class FaultInjector(ChatCluster cluster, History history, Action<string> note)
{
    /// <summary>When the store was away, or everything was.</summary>
    public List<Outage> StoreOutages { get; } = [];

    /// <summary>Kills and starts until the plan is done and all that was killed has been started again.</summary>
    public async Task RunAsync(FaultPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var parts = cluster.Parts.ToDictionary(static part => part.Name);
        var began = history.Now;
        List<Task> restarts = [];
        foreach (var kill in plan.Kills)
        {
            var wait = kill.At - TimeSpan.FromMicroseconds(history.Now - began);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, cancellationToken);
            IPart[] targets = [.. kill.Targets.Select(target => parts[target])];
            note(kill.ToString().Trim());
            history.Fault($"kill {string.Join(", ", kill.Targets)}");
            var from = history.Now;
            await Task.WhenAll(targets.Select(static target => target.KillAsync()));
            restarts.Add(RestartAsync(targets, kill.Down, from, cancellationToken));
        }

        await Task.WhenAll(restarts);
    }

    private async Task RestartAsync(IPart[] targets, TimeSpan down, long from, CancellationToken cancellationToken)
    {
        await Task.Delay(down, cancellationToken);
        foreach (var target in targets)
            await target.StartAsync();
        history.Fault($"start {string.Join(", ", targets.Select(static target => target.Name))}");

        // With everything down the store comes back before those who use it; that time is the store's outage too.
        var waited = targets.Length > 1 ? targets : [.. targets.OfType<StoreNode>()];
        foreach (var target in waited)
            await target.WhenReadyAsync(cancellationToken);
        if (waited.Length > 0)
        {
            lock (StoreOutages)
                StoreOutages.Add(new Outage(from, history.Now));
        }
    }
}
