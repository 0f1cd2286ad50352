using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Gateway.Rooms;

/// <summary>A change to tell those who watch: who, unless the room is too large for names, and how many there are now.</summary>
internal readonly record struct PresenceNotice(bool Joined, string? Name, int Count);

/// <summary>
/// What the members that watch a room were told of who is in it. Pure. Takes changes in the order of their versions, and whole sets where
/// one was missed; gives what there is to tell, so that nobody hears of anybody twice.
/// </summary>
internal sealed class PresenceView
{
    // Null for a room too large for names.
    private HashSet<string>? _names;
    private int _count;

    /// <summary>The version of what is known; 0 while nothing is.</summary>
    public long Version { get; private set; }

    /// <summary>Takes the next change; false when one before it was missed, and the whole has to be read.</summary>
    public bool TryApply(PresenceChanged change, List<PresenceNotice> notices)
    {
        if (change.Version <= Version)
            return true;

        // Names are there exactly when the room is small; where it has just grown or shrunk, the whole set says it.
        if (Version == 0 || change.Version != Version + 1 || (change.Count <= RoomPeople.MostNames) != (_names is not null))
            return false;

        Version = change.Version;
        if (_names is null)
        {
            TellCount(change.Count, notices);
            return true;
        }

        foreach (string name in change.Joined.Where(_names.Add))
            notices.Add(new PresenceNotice(true, name, change.Count));
        foreach (string name in change.Left.Where(_names.Remove))
            notices.Add(new PresenceNotice(false, name, change.Count));
        _count = change.Count;
        return _names.Count == change.Count;
    }

    /// <summary>Takes the whole set. What was told before and is missing is gone, unless the room is not sure yet.</summary>
    public void Apply(RoomPeople people, List<PresenceNotice> notices)
    {
        // A room that is not settled may say less than the truth, but never more.
        bool first = Version == 0;
        Version = people.Version;
        if (people.Count > RoomPeople.MostNames)
        {
            _names = null;
            if (!first)
                TellCount(people.Count, notices);
            _count = people.Count;
            return;
        }

        HashSet<string> before = _names ?? [];
        bool had = _names is not null && !first;
        HashSet<string> now = new(people.Names, StringComparer.Ordinal);
        if (!people.Settled && had)
            now.UnionWith(before);
        _names = now;
        _count = now.Count;
        if (!had)
            return;

        foreach (string name in now.Except(before))
            notices.Add(new PresenceNotice(true, name, _count));
        foreach (string name in before.Except(now))
            notices.Add(new PresenceNotice(false, name, _count));
    }

    /// <summary>Nobody watches any more.</summary>
    public void Clear() => (Version, _names, _count) = (0, null, 0);

    private void TellCount(int count, List<PresenceNotice> notices)
    {
        if (count != _count)
            notices.Add(new PresenceNotice(count > _count, null, count));
        _count = count;
    }
}
