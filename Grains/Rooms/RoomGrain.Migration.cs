using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Grains.Rooms;

/// <summary>
/// A silo that stops hands its rooms to others (<see cref="RoomHandover"/>), with who is in them: the next activation stands before the first call for it, knows
/// everybody, and nobody has to introduce himself. What is in the log is not carried; the next activation reads the head there, as every one.
/// </summary>
internal sealed partial class RoomGrain : IGrainMigrationParticipant
{
    private const string Members = "members";

    private MigratedMembers? _migrated;
    private bool _cameAlong;

    public void OnDehydrate(IDehydrationContext dehydrationContext)
    {
        // One that moves on before it has taken what it brought passes that on; one that knows nothing yet says nothing.
        if ((_migrated ?? (_open ? _members.Carry(_card.Listing, IsSettled) : null)) is { } members)
            dehydrationContext.TryAddValue(Members, members);
    }

    public void OnRehydrate(IRehydrationContext rehydrationContext) => rehydrationContext.TryGetValue(Members, out _migrated);

    private void TakeMigrated()
    {
        if (_migrated is not { } brought)
            return;

        foreach (Introduction introduction in brought.Gateways)
        {
            _members.Introduce(introduction);
            _card.Spell(introduction.RoomName);
            _card.Counts(_members.Count);
            _card.ListedSince(introduction.ListedAt);
        }

        _members.TakeLost(brought.Lost);
        (_migrated, _cameAlong) = (null, brought.Settled);
        if (brought.Gateways.Length > 0)
            List();
        WatchLeases();
    }
}
