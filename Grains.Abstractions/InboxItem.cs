namespace ChitChatz.Grains.Abstractions;

/// <summary>What comes to a gateway on its inbox stream. All of it is a hint: lost items are repaired from the log or by the next renewal.</summary>
[GenerateSerializer, Immutable, Alias("chitchatz.InboxItem")]
public abstract record InboxItem;

/// <summary>A batch that was committed to a room's log.</summary>
/// <param name="Room">The room's key.</param>
/// <param name="Epoch">The room's epoch.</param>
/// <param name="Messages">At least one message; ascending and dense.</param>
/// <param name="Trace">The push's trace context (W3C traceparent), when the batch has a message that is sampled; else null.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.MessagesPushed")]
public sealed record MessagesPushed(
    [property: Id(0)] string Room,
    [property: Id(1)] long Epoch,
    [property: Id(2)] ChatMessage[] Messages,
    [property: Id(3)] string? Trace = null) : InboxItem;

/// <summary>A room lives in a fresh activation that knows nobody in it; who holds members there introduces them at once.</summary>
/// <param name="Room">The room's key.</param>
/// <param name="Epoch">The room's epoch.</param>
/// <param name="Head">The newest seq of the log.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.RoomMoved")]
public sealed record RoomMoved([property: Id(0)] string Room, [property: Id(1)] long Epoch, [property: Id(2)] long Head) : InboxItem;

/// <summary>Who came into a room and who is gone, by name: a person with several connections counts once. Only for gateways with members that watch.</summary>
/// <param name="Room">The room's key.</param>
/// <param name="Version">One more than that of the change before; grows across activations too.</param>
/// <param name="Count">How many there are now.</param>
/// <param name="Joined">Who came. Empty in rooms of more than <see cref="RoomPeople.MostNames"/>, which only tell the count.</param>
/// <param name="Left">Who is gone; likewise.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.PresenceChanged")]
public sealed record PresenceChanged(
    [property: Id(0)] string Room,
    [property: Id(1)] long Version,
    [property: Id(2)] int Count,
    [property: Id(3)] string[] Joined,
    [property: Id(4)] string[] Left) : InboxItem;

/// <summary>Somebody is typing. Only for gateways with members that watch.</summary>
/// <param name="Room">The room's key.</param>
/// <param name="Name">Who.</param>
/// <param name="Gateway">The gateway of the connection that is typed on, which is not told.</param>
/// <param name="Connection">That connection.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.TypingShown")]
public sealed record TypingShown(
    [property: Id(0)] string Room,
    [property: Id(1)] string Name,
    [property: Id(2)] GatewayId Gateway,
    [property: Id(3)] long Connection) : InboxItem;

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
/// <param name="LogProblem">What keeps its log from taking messages, for people; null when nothing does.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.SiloHeartbeat")]
public sealed record SiloHeartbeat(
    [property: Id(0)] string Silo,
    [property: Id(1)] long MembershipVersion,
    [property: Id(2)] string[] ActiveSilos,
    [property: Id(3)] string? LogProblem = null) : InboxItem;
