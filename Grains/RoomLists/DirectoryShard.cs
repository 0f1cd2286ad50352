using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Grains.RoomLists;

/// <summary>
/// The rooms of one shard, each under a lease of 45 s. A version stands for a set of listings: it grows by one with each
/// <see cref="TakeChanges"/>, so a gateway that sees a version skipped knows that it missed a push.
/// </summary>
internal sealed class DirectoryShard(TimeProvider time)
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(45);
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    private readonly long _startedAt = time.GetTimestamp();
    private readonly Dictionary<string, Entry> _rooms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RoomListing> _changes = new(StringComparer.Ordinal);
    private RoomListing[]? _all;
    private bool _warm;

    /// <summary>Starts above every version of an earlier activation: those grew by less than one a microsecond.</summary>
    public long Version { get; private set; } = time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;

    public bool HasChanges => _changes.Count > 0;

    /// <summary>Takes reports; an older listing than the known one is ignored.</summary>
    public void Report(RoomListing[] listings)
    {
        long now = time.GetTimestamp();
        foreach (RoomListing listing in listings)
        {
            if (_rooms.TryGetValue(listing.Key, out Entry known))
            {
                if (listing.Version < known.Listing.Version)
                    continue;

                if (listing.Version == known.Listing.Version)
                {
                    _rooms[listing.Key] = known with { RenewedAt = now };
                    continue;
                }
            }

            // An empty room stays for the length of a lease, or a late report of an old activation would list it again.
            _rooms[listing.Key] = new Entry(listing, now);
            if (listing.Count > 0 || known.Listing is { Count: > 0 })
                _changes[listing.Key] = listing;
        }
    }

    /// <summary>Drops the rooms whose lease lapsed.</summary>
    public void Expire()
    {
        // Removal does not disturb an enumeration of this dictionary.
        foreach ((string key, Entry entry) in _rooms)
        {
            if (time.GetElapsedTime(entry.RenewedAt) < Lease)
                continue;

            _rooms.Remove(key);
            if (entry.Listing.Count > 0)
                _changes[key] = entry.Listing with { Count = 0, Version = entry.Listing.Version + 1 };
        }
    }

    /// <summary>The rooms that changed since the last time, as one step of the version.</summary>
    public RoomListing[] TakeChanges()
    {
        if (_changes.Count == 0)
            return [];

        Version++;
        _all = null;
        RoomListing[] changes = [.. _changes.Values];
        _changes.Clear();
        return changes;
    }

    /// <summary>The answer for a gateway that knows a version.</summary>
    public DirectoryAnswer Answer(long knownVersion)
    {
        if (!_warm && time.GetElapsedTime(_startedAt) >= WarmUp)
        {
            _warm = true;
            // Now each silo has reported its rooms and the list is whole: everybody shall fetch it once more and drop what it does not have.
            Version++;
        }

        return new DirectoryAnswer(Version, !_warm, knownVersion == Version ? null : All());
    }

    // Changes that wait for their push are in it already; the push then brings what is known.
    private RoomListing[] All()
    {
        if (_all is not null && !HasChanges)
            return _all;

        List<RoomListing> all = new(_rooms.Count);
        foreach (Entry entry in _rooms.Values)
        {
            if (entry.Listing.Count > 0)
                all.Add(entry.Listing);
        }

        RoomListing[] listings = [.. all];
        _all = HasChanges ? null : listings;
        return listings;
    }

    private readonly record struct Entry(RoomListing Listing, long RenewedAt);
}
