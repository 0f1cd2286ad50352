using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Grains.Rooms;

/// <summary>How a room stands in the list of rooms: its name, since when, and a version that grows across activations.</summary>
internal sealed class RoomCard(string key, TimeProvider time)
{
    private string? _name;
    private int _count;
    private long _listedAt;

    // An activation makes fewer than one change a microsecond, so the next one starts above it.
    private long _version = time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;

    /// <summary>The room's name: the log's, else the first spelling seen.</summary>
    public string Name => _name ?? key;

    /// <summary>The listing as it stands; a new object for each change.</summary>
    public RoomListing Listing { get; private set; } = new("", "", 0, 0, 0);

    /// <summary>Takes the name that the log has, which wins over every spelling.</summary>
    public void NameFromLog(string? name)
    {
        if (name is not null)
            _name = name;
    }

    /// <summary>Takes a spelling if there was none before.</summary>
    public void Spell(string name)
    {
        if (name.Length > 0)
            _name ??= name;
    }

    /// <summary>Takes a gateway's memory of when the room was first listed; the oldest wins.</summary>
    public void ListedSince(long listedAt)
    {
        if (listedAt > 0 && _count > 0 && listedAt < _listedAt)
            _listedAt = listedAt;
    }

    /// <summary>Takes the count; its rise from 0 lists the room.</summary>
    public void Counts(int count)
    {
        if (_count == 0 && count > 0)
            _listedAt = time.GetUtcNow().ToUnixTimeMilliseconds();

        _count = count;
    }

    /// <summary>Makes the new listing if something changed.</summary>
    public bool TryRenew()
    {
        if (Listing.Version > 0 && Listing.Count == _count && Listing.ListedAt == _listedAt && Listing.Name == Name)
            return false;

        Listing = new RoomListing(key, Name, _count, _listedAt, ++_version);
        return true;
    }
}
