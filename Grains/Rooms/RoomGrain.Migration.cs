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

    public void OnDehydrate(IDehydrationContext dehydrationContext) => dehydrationContext.TryAddValue(Members, _members.Carry(_card.Listing));

    public void OnRehydrate(IRehydrationContext rehydrationContext) => rehydrationContext.TryGetValue(Members, out _migrated);

    private void TakeMigrated()
    {
        if (_migrated is null)
            return;

        foreach (Introduction introduction in _migrated.Gateways)
        {
            _members.Introduce(introduction);
            _card.Spell(introduction.RoomName);
            _card.Counts(_members.Count);
            _card.ListedSince(introduction.ListedAt);
        }

        _members.TakeLost(_migrated.Lost);
        (_migrated, _cameAlong) = (null, true);
        List();
        WatchLeases();
    }
}
