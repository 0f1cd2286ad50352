namespace ChitChatz.Grains.Abstractions;

/// <summary>A room as the list of rooms shows it.</summary>
/// <param name="Key">The room's key.</param>
/// <param name="Name">The room's name, as shown to people.</param>
/// <param name="Count">How many connections are in it; 0 takes it off the list.</param>
/// <param name="ListedAt">When it was first listed (Unix ms): the list's order, oldest first, then by key.</param>
/// <param name="Version">Of two listings of one room the one with the greater version is the newer. Grows across activations too.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.RoomListing")]
public sealed record RoomListing(
    [property: Id(0)] string Key,
    [property: Id(1)] string Name,
    [property: Id(2)] int Count,
    [property: Id(3)] long ListedAt,
    [property: Id(4)] long Version);

/// <summary>The answer to a renewal at a shard of the directory.</summary>
/// <param name="Version">The shard's version. Grows across activations too.</param>
/// <param name="WarmingUp">True while a fresh activation may not know all its rooms yet; until then a gateway only adds to its list.</param>
/// <param name="Listings">All rooms of this shard, or null when the caller's version is the present one.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.DirectoryAnswer")]
public sealed record DirectoryAnswer(
    [property: Id(0)] long Version,
    [property: Id(1)] bool WarmingUp,
    [property: Id(2)] RoomListing[]? Listings);

/// <summary>
/// One shard of the list of rooms; the key is the shard's number, 0 to <see cref="RoomDirectory.Shards"/> - 1.
/// A room's entry is a lease: reported again every 15 s, dropped after 45 s. All of its state is soft.
/// </summary>
[Alias("chitchatz.IRoomDirectoryGrain")]
public interface IRoomDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>A silo's rooms of this shard that changed or are due for renewal. Changes are pushed to the inboxes of the lease holders.</summary>
    [Alias("Report")]
    Task Report(RoomListing[] listings);

    /// <summary>Takes or renews a gateway's lease on the shard's changes (25 s), and brings the whole shard if its version is not the known one.</summary>
    [Alias("Renew")]
    Task<DirectoryAnswer> Renew(GatewayId gateway, long knownVersion);

    /// <summary>Gives the lease back.</summary>
    [Alias("Release")]
    Task Release(GatewayId gateway);
}

/// <summary>Where rooms are listed.</summary>
public static class RoomDirectory
{
    /// <summary>Into how many shards the list is cut. Part of the contract between silos and gateways: all must agree.</summary>
    public const int Shards = 8;

    /// <summary>The shard that lists a room: FNV-1a over the key's UTF-16 units, so that every process of every version agrees.</summary>
    public static int ShardOf(string roomKey)
    {
        ArgumentNullException.ThrowIfNull(roomKey);
        uint hash = 2166136261;
        foreach (char c in roomKey)
        {
            hash = unchecked((hash ^ c) * 16777619);
        }

        return (int)(hash % Shards);
    }
}
