using ChitChatz.Grains.Abstractions;
using Orleans.Runtime.Placement;

namespace ChitChatz.Grains.Rooms;

/// <summary>
/// Rooms that nobody is in, and that go first when a silo hands its rooms over, one to each of the others: what is done for the first time
/// there, compiled code and connections, then delays nobody. They stand up when a stop begins, while a silo can still activate grains.
/// </summary>
internal sealed class HandoverScouts(IGrainFactory grains, IClusterMembershipService membership, ILocalSiloDetails silo, TimeProvider time)
    : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>No character of a room's name, so no room's key begins with it.</summary>
    private const char Mark = '\u0001';

    private const int Most = 8;

    /// <summary>How long a stop waits for them: they help, and are not needed.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>The stage before the one in which the silo tells that it stops.</summary>
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(HandoverScouts), ServiceLifecycleStage.Active, static _ => Task.CompletedTask, StandUpAsync);

    /// <summary>Where a scout is to go; null for every other room.</summary>
    public static SiloAddress? Target(GrainId room)
    {
        string? key = room.Key.ToString();
        return key is [Mark, ..] ? SiloAddress.FromParsableString(key[1..key.IndexOf(Mark, 1)]) : null;
    }

    /// <summary>The key of the one that goes from a silo to another.</summary>
    public static string Key(SiloAddress from, SiloAddress to) => $"{Mark}{to.ToParsableString()}{Mark}{from.ToParsableString()}";

    private async Task StandUpAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return;

        IEnumerable<SiloAddress> others = membership.CurrentSnapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(silo.SiloAddress)).Select(static member => member.SiloAddress);
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo.SiloAddress);
        try
        {
            Task standing = Task.WhenAll(others.Take(Most).Select(other => grains.GetGrain<IRoomGrain>(Key(silo.SiloAddress, other)).ReadPeople()));
            await standing.WaitAsync(s_patience, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }
    }
}
