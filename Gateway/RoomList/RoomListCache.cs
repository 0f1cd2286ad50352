using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Gateway.RoomList;

/// <summary>
/// The gateway's own copy of the list of rooms, merged from the directory's shards and from the answers that its own rooms get.
/// Of two listings of a room the newer version wins, whatever way and in whatever order they come. Thread-safe.
/// </summary>
/// <param name="isLocal">Whether this gateway has members in a room: such a room stays listed whatever a shard says.</param>
/// <param name="time">The clock for forgetting removed rooms.</param>
internal sealed class RoomListCache(Func<string, bool> isLocal, TimeProvider time)
{
    /// <summary>How many rooms are shown at most.</summary>
    public const int Shown = 1_000;

    /// <summary>How long a removed room's version is remembered, so that a late listing does not bring it back.</summary>
    private static readonly TimeSpan s_tombstone = TimeSpan.FromMinutes(1);

    private static readonly Comparer<RoomListing> s_byCreation = Comparer<RoomListing>.Create(static (a, b) =>
    {
        int byTime = a.ListedAt.CompareTo(b.ListedAt);
        return byTime != 0 ? byTime : string.CompareOrdinal(a.Key, b.Key);
    });

    private readonly Lock _gate = new();
    private readonly Dictionary<string, RoomListing> _rooms = [];
    private readonly SortedSet<RoomListing> _ordered = new(s_byCreation);
    private readonly Dictionary<string, (long Version, long RemovedAt)> _tombstones = [];
    private readonly long[] _shardVersions = new long[RoomDirectory.Shards];
    private readonly long[] _newestSeen = new long[RoomDirectory.Shards];
    private RoomListSnapshot _snapshot = RoomListSnapshot.Empty;
    private bool _dirty;

    /// <summary>Told after every change of what is listed. Must not block.</summary>
    public event Action? Changed;

    /// <summary>Takes one room's listing.</summary>
    public void Apply(RoomListing listing)
    {
        bool changed;
        lock (_gate)
        {
            changed = ApplyLocked(listing);
        }

        if (changed)
        {
            Changed?.Invoke();
        }
    }

    /// <summary>Takes changes that a shard pushed.</summary>
    public void Apply(RoomListChanged pushed)
    {
        bool changed = false;
        lock (_gate)
        {
            // Versions go up by one: after a skipped one a push was lost, so the next renewal must find this copy too old.
            _newestSeen[pushed.Shard] = Math.Max(_newestSeen[pushed.Shard], pushed.Version);
            if (pushed.Version == _shardVersions[pushed.Shard] + 1)
            {
                _shardVersions[pushed.Shard] = pushed.Version;
            }

            foreach (RoomListing listing in pushed.Changes)
            {
                changed |= ApplyLocked(listing);
            }
        }

        if (changed)
        {
            Changed?.Invoke();
        }
    }

    /// <summary>Takes a whole shard, and drops the shard's rooms that it does not name, unless the shard is still warming up.</summary>
    public void Apply(int shard, DirectoryAnswer answer)
    {
        if (answer.Listings is null)
        {
            return;
        }

        bool changed = false;
        lock (_gate)
        {
            if (answer.Version < _newestSeen[shard])
            {
                // A push overtook this answer; the next renewal brings a newer one.
                return;
            }

            _shardVersions[shard] = answer.Version;
            _newestSeen[shard] = answer.Version;
            foreach (RoomListing listing in answer.Listings)
            {
                changed |= ApplyLocked(listing);
            }

            if (!answer.WarmingUp)
            {
                HashSet<string> named = [.. answer.Listings.Select(static listing => listing.Key)];
                foreach (RoomListing gone in _rooms.Values.Where(room => RoomDirectory.ShardOf(room.Key) == shard && !named.Contains(room.Key)).ToArray())
                {
                    changed |= ApplyLocked(gone with { Count = 0 });
                }
            }

            ForgetTombstones();
        }

        if (changed)
        {
            Changed?.Invoke();
        }
    }

    /// <summary>The shard's version that this copy has whole, to renew with; 0 when none.</summary>
    public long ShardVersion(int shard)
    {
        lock (_gate)
        {
            return _shardVersions[shard];
        }
    }

    /// <summary>Whether a room is listed.</summary>
    public bool Contains(string roomKey)
    {
        lock (_gate)
        {
            return _rooms.ContainsKey(roomKey);
        }
    }

    /// <summary>The list as it is now. The same object as long as it reads the same.</summary>
    public RoomListSnapshot Snapshot()
    {
        lock (_gate)
        {
            if (_dirty)
            {
                _dirty = false;
                RoomListSnapshot next = Build();
                if (!next.Names.AsSpan().SequenceEqual(_snapshot.Names))
                {
                    _snapshot = next;
                }
            }

            return _snapshot;
        }
    }

    /// <summary>The list with one more room in its place, for a member of a room that is too small to be shown.</summary>
    public string[] SnapshotWith(string roomKey)
    {
        lock (_gate)
        {
            RoomListSnapshot snapshot = _snapshot;
            return !_rooms.ContainsKey(roomKey) || snapshot.Shows(roomKey)
                ? snapshot.Names
                : [.. _ordered.Where(room => room.Key == roomKey || snapshot.Shows(room.Key)).Select(static room => room.Name)];
        }
    }

    private RoomListSnapshot Build()
    {
        if (_ordered.Count <= Shown)
        {
            return new RoomListSnapshot([.. _ordered.Select(static room => room.Name)], shown: null);
        }

        HashSet<string> shown = [.. _rooms.Values
            .OrderByDescending(static room => room.Count)
            .ThenBy(static room => room, s_byCreation)
            .Take(Shown)
            .Select(static room => room.Key)];
        return new RoomListSnapshot([.. _ordered.Where(room => shown.Contains(room.Key)).Select(static room => room.Name)], shown);
    }

    private bool ApplyLocked(RoomListing listing)
    {
        RoomListing? known = _rooms.GetValueOrDefault(listing.Key);
        if (known is not null && known.Version > listing.Version)
        {
            return false;
        }

        if (_tombstones.TryGetValue(listing.Key, out (long Version, long RemovedAt) tombstone) && tombstone.Version > listing.Version)
        {
            return false;
        }

        if (listing.Count == 0)
        {
            if (isLocal(listing.Key))
            {
                return false;
            }

            _tombstones[listing.Key] = (listing.Version, time.GetTimestamp());
            if (known is null)
            {
                return false;
            }

            _rooms.Remove(listing.Key);
            _ordered.Remove(known);
            _dirty = true;
            return true;
        }

        if (listing == known)
        {
            return false;
        }

        _tombstones.Remove(listing.Key);
        if (known is not null)
        {
            _ordered.Remove(known);
        }

        _rooms[listing.Key] = listing;
        _ordered.Add(listing);

        // A mere change of the count changes what is shown only where not every room is.
        bool changed = known is null || known.Name != listing.Name || known.ListedAt != listing.ListedAt || _ordered.Count > Shown;
        _dirty |= changed;
        return changed;
    }

    private void ForgetTombstones()
    {
        foreach ((string key, (long _, long removedAt)) in _tombstones)
        {
            if (time.GetElapsedTime(removedAt) > s_tombstone)
            {
                _tombstones.Remove(key);
            }
        }
    }
}
