using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Placement;

namespace ChitChatz.Grains.Rooms;

/// <summary>
/// Hands the rooms of a silo that stops to others, a few at a time: each is out of service for no longer than its own move takes, while
/// the others go on. What Orleans does by itself is to end all grains at once, and the last room then waits for all others' moves.
/// </summary>
internal sealed class RoomHandover(IClusterMembershipService membership, ILocalSiloDetails silo, TimeProvider time, ILogger<RoomHandover> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private const int AtOnce = 4;
    private const int MostSteps = 100;

    /// <summary>How long one room's move holds up others: it may wait for a call that does not end, or for a silo that is frozen.</summary>
    private static readonly TimeSpan s_move = TimeSpan.FromSeconds(1);

    /// <summary>How long to go step by step. What is left then moves all at once.</summary>
    private static readonly TimeSpan s_all = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<GrainId, IGrainContext> _rooms = new();

    /// <summary>The stage in whose stop the silo tells that it stops; the grains end in the next one.</summary>
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(RoomHandover), ServiceLifecycleStage.BecomeActive, static _ => Task.CompletedTask, HandOverAsync);

    /// <summary>A room is being activated here. It is forgotten when it has ended, however that came.</summary>
    public void Add(IGrainContext room)
    {
        _rooms[room.GrainId] = room;
        _ = room.Deactivated.ContinueWith(
            _ => _rooms.TryRemove(new(room.GrainId, room)), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task HandOverAsync(CancellationToken cancellationToken)
    {
        // A cancelled stop is a hurried one, a kill: then nothing moves.
        if (cancellationToken.IsCancellationRequested || !await IsToldAsync(cancellationToken))
            return;

        var began = time.GetTimestamp();
        IGrainContext[] scouts = [.. _rooms.Values.Where(room => HandoverScouts.Target(room.GrainId) is { } target && !target.Equals(silo.SiloAddress))];
        IGrainContext[] rooms = [.. _rooms.Values.Except(scouts)];
        using CancellationTokenSource patience = new(s_all, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            ParallelOptions steps = new() { MaxDegreeOfParallelism = Math.Max(AtOnce, rooms.Length / MostSteps), CancellationToken = either.Token };
            await Parallel.ForEachAsync(scouts, steps, MoveAsync);
            await Parallel.ForEachAsync(rooms, steps, MoveAsync);
        }
        catch (OperationCanceledException)
        {
            // Time is up: see below.
        }

        // Those that were passed over, and those that came meanwhile. The next stage waits for the ends of all.
        // That a room has ended is heard here before it is taken off the list, or after.
        IGrainContext[] left = [.. _rooms.Values.Where(static room => !room.Deactivated.IsCompleted)];
        foreach (IGrainContext room in left)
            room.Migrate(requestContext: null, cancellationToken);
        logger.HandedOver(rooms.Length, time.GetElapsedTime(began), left.Length);
    }

    /// <summary>Whether this silo has told that it stops, and the cluster has another one: only then does a room that moves not come back.</summary>
    private async Task<bool> IsToldAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (ClusterMembershipSnapshot snapshot in membership.MembershipUpdates.WithCancellation(cancellationToken))
            {
                if (snapshot.Members.Values.All(member => member.SiloAddress.Equals(silo.SiloAddress) || member.Status != SiloStatus.Active))
                    return false;
                if (snapshot.GetSiloStatus(silo.SiloAddress).IsTerminating())
                    return true;
            }
        }
        catch (OperationCanceledException)
        {
            // The table could not be written within the time that a stop has.
        }

        return false;
    }

    private async ValueTask MoveAsync(IGrainContext room, CancellationToken cancellationToken)
    {
        // The move itself is not bound to the patience of who waits for it.
        Dictionary<string, object>? hint = HandoverScouts.Target(room.GrainId) is { } target ? new() { [IPlacementDirector.PlacementHintKey] = target } : null;
        room.Migrate(hint, CancellationToken.None);
        await room.Deactivated.WaitAsync(s_move, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

internal static partial class RoomHandoverLog
{
    [LoggerMessage(1, LogLevel.Information, "Let {Rooms} rooms move to other silos within {Time}; {Left} are still on their way")]
    public static partial void HandedOver(this ILogger logger, int rooms, TimeSpan time, int left);
}
