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

    /// <summary>How many are remembered at most. A late listing of a forgotten one shows the room until its shard is next read.</summary>
    private const int MostTombstones = 20_000;

    /// <summary>How old the list may be when there are more rooms than are shown: then every change of a count may change it.</summary>
    private static readonly TimeSpan s_rebuilding = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, RoomListing> _rooms = [];
    private readonly SortedSet<RoomListing> _ordered = new(RoomListSnapshot.ByCreation);
    private readonly Dictionary<string, (long Version, long RemovedAt)> _tombstones = [];
    private readonly Queue<(string Key, long RemovedAt)> _removals = new();
    private readonly long[] _shardVersions = new long[RoomDirectory.Shards];
    private readonly long[] _newestSeen = new long[RoomDirectory.Shards];
    private RoomListSnapshot _snapshot = RoomListSnapshot.Empty;
    private bool _dirty;
    private long _builtAt;

    /// <summary>Told after every change of what is listed. Must not block.</summary>
    public event Action? Changed;

    /// <summary>How many removed rooms are remembered.</summary>
    public int TombstoneCount
    {
        get
        {
            lock (_gate)
            {
                return _tombstones.Count;
            }
        }
    }

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
        bool changed = false;
        lock (_gate)
        {
            ForgetTombstones();
            if (answer.Listings is null)
            {
                return;
            }

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

    /// <summary>
    /// The list as it is now, but up to a second old where not every room is shown. The same object as long as it reads the same.
    /// </summary>
    public RoomListSnapshot Snapshot()
    {
        lock (_gate)
        {
            return _ordered.Count > Shown && _builtAt != 0 && time.GetElapsedTime(_builtAt) < s_rebuilding ? _snapshot : RefreshLocked();
        }
    }

    /// <summary>The list as it is now, however many rooms there are; for whoever asks at most once a second.</summary>
    public RoomListSnapshot Refresh()
    {
        lock (_gate)
        {
            return RefreshLocked();
        }
    }

    /// <summary>A room's listing, or null when there is none.</summary>
    public RoomListing? Find(string roomKey)
    {
        lock (_gate)
        {
            return _rooms.GetValueOrDefault(roomKey);
        }
    }

    private RoomListSnapshot RefreshLocked()
    {
        if (_dirty)
        {
            _dirty = false;
            RoomListing[] shown = Choose();
            _builtAt = shown.Length < _ordered.Count ? time.GetTimestamp() : 0;
            if (!_snapshot.Reads(shown))
            {
                _snapshot = new RoomListSnapshot(_snapshot.Number + 1, shown);
            }
        }

        return _snapshot;
    }

    private RoomListing[] Choose()
    {
        if (_ordered.Count <= Shown)
        {
            return [.. _ordered];
        }

        RoomListing[] largest = [.. _rooms.Values
            .OrderByDescending(static room => room.Count)
            .ThenBy(static room => room, RoomListSnapshot.ByCreation)
            .Take(Shown)];
        Array.Sort(largest, RoomListSnapshot.ByCreation);
        return largest;
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

            long now = time.GetTimestamp();
            _tombstones[listing.Key] = (listing.Version, now);
            _removals.Enqueue((listing.Key, now));
            ForgetTombstones();
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
        while (_removals.TryPeek(out (string Key, long RemovedAt) oldest)
            && (_removals.Count > MostTombstones || time.GetElapsedTime(oldest.RemovedAt) > s_tombstone))
        {
            _removals.Dequeue();

            // A room that came back, or was removed once more, has no tombstone of this removal.
            if (_tombstones.TryGetValue(oldest.Key, out (long Version, long RemovedAt) tombstone) && tombstone.RemovedAt == oldest.RemovedAt)
            {
                _tombstones.Remove(oldest.Key);
            }
        }
    }
}
