namespace ChitChatz.Grains.Abstractions;

/// <summary>What comes to a gateway on its inbox stream. All of it is a hint: lost items are repaired from the log or by the next renewal.</summary>
[GenerateSerializer, Immutable, Alias("chitchatz.InboxItem")]
public abstract record InboxItem;

/// <summary>A batch that was committed to a room's log.</summary>
/// <param name="Room">The room's key.</param>
/// <param name="Epoch">The room's epoch.</param>
/// <param name="Messages">At least one message; ascending and dense.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.MessagesPushed")]
public sealed record MessagesPushed(
    [property: Id(0)] string Room,
    [property: Id(1)] long Epoch,
    [property: Id(2)] ChatMessage[] Messages) : InboxItem;

/// <summary>A room lives in a fresh activation that knows nobody in it; who holds members there introduces them at once.</summary>
/// <param name="Room">The room's key.</param>
/// <param name="Epoch">The room's epoch.</param>
/// <param name="Head">The newest seq of the log.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.RoomMoved")]
public sealed record RoomMoved([property: Id(0)] string Room, [property: Id(1)] long Epoch, [property: Id(2)] long Head) : InboxItem;

/// <summary>Rooms whose place in the list of rooms changed.</summary>
/// <param name="Shard">The directory shard that says so.</param>
/// <param name="Version">The shard's version after the changes; see <see cref="DirectoryAnswer.Version"/>.</param>
/// <param name="Changes">The rooms, each as it should be listed now.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.RoomListChanged")]
public sealed record RoomListChanged(
    [property: Id(0)] int Shard,
    [property: Id(1)] long Version,
    [property: Id(2)] RoomListing[] Changes) : InboxItem;

/// <summary>
/// A silo's sign of life on this inbox, one each second. Three missing ones of a silo that still is a member mean that the
/// subscription was lost; a new membership version means that rooms may have moved: renew all leases.
/// </summary>
/// <param name="Silo">The silo's address, parsable.</param>
/// <param name="MembershipVersion">The version of the cluster's membership as this silo knows it.</param>
/// <param name="ActiveSilos">The addresses of all silos that are active in that version.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.SiloHeartbeat")]
public sealed record SiloHeartbeat(
    [property: Id(0)] string Silo,
    [property: Id(1)] long MembershipVersion,
    [property: Id(2)] string[] ActiveSilos) : InboxItem;
