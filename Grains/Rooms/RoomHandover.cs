using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ChitChatz.Grains.Rooms;

/// <summary>
/// Hands the rooms of a silo that stops to others, a few at a time: each is out of service for no longer than its own move takes, while
/// the others go on. What Orleans does by itself is to end all grains at once, and the last room then waits for all others' moves.
/// </summary>
internal sealed class RoomHandover(IClusterMembershipService membership, ILocalSiloDetails silo, TimeProvider time, ILogger<RoomHandover> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>How long to wait until the others may know that this silo stops; where the table cannot be written, the rooms end as all grains do.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private const int AtOnce = 32;
    private const int MostSteps = 100;

    private readonly ConcurrentDictionary<GrainId, IGrainContext> _rooms = new();

    /// <summary>The stage in whose stop the silo tells that it stops; the grains end in the next one.</summary>
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(RoomHandover), ServiceLifecycleStage.BecomeActive, static _ => Task.CompletedTask, HandOverAsync);

    /// <summary>A room has been activated here.</summary>
    public void Add(IGrainContext room) => _rooms[room.GrainId] = room;

    /// <summary>It has ended.</summary>
    public void Remove(IGrainContext room) => _rooms.TryRemove(new(room.GrainId, room));

    private async Task HandOverAsync(CancellationToken cancellationToken)
    {
        // A cancelled stop is a hurried one, a kill: then nothing moves.
        if (cancellationToken.IsCancellationRequested || _rooms.IsEmpty || !await IsToldAsync(cancellationToken))
            return;

        var began = time.GetTimestamp();
        IGrainContext[] rooms = [.. _rooms.Values];
        try
        {
            // The first move takes code that has never run, and connections that were never made.
            await MoveAsync(rooms[0], cancellationToken);
            await Parallel.ForEachAsync(
                rooms.Skip(1),
                new ParallelOptions { MaxDegreeOfParallelism = Math.Max(AtOnce, rooms.Length / MostSteps), CancellationToken = cancellationToken },
                MoveAsync);
        }
        catch (OperationCanceledException)
        {
            // The stop has to be over: what is left ends as all grains do.
        }

        logger.HandedOver(rooms.Length - _rooms.Count, rooms.Length, time.GetElapsedTime(began));
    }

    /// <summary>Whether the cluster knows that this silo stops, and has another one: only then does a room that moves not come back.</summary>
    private async Task<bool> IsToldAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await foreach (ClusterMembershipSnapshot snapshot in membership.MembershipUpdates.WithCancellation(either.Token))
            {
                if (snapshot.Members.Values.All(member => member.SiloAddress.Equals(silo.SiloAddress) || member.Status != SiloStatus.Active))
                    return false;
                if (snapshot.GetSiloStatus(silo.SiloAddress).IsTerminating())
                    return true;
            }
        }
        catch (OperationCanceledException)
        {
        }

        return false;
    }

    private static async ValueTask MoveAsync(IGrainContext room, CancellationToken cancellationToken)
    {
        room.Migrate(requestContext: null, cancellationToken);
        await room.Deactivated.WaitAsync(cancellationToken);
    }
}

internal static partial class RoomHandoverLog
{
    [LoggerMessage(1, LogLevel.Information, "Handed {Rooms} of {All} rooms over to other silos within {Time}")]
    public static partial void HandedOver(this ILogger logger, int rooms, int all, TimeSpan time);
}
