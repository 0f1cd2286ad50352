namespace ChitChatz.Grains.Abstractions;

/// <summary>A connection that is in a room, as its gateway describes it.</summary>
/// <param name="Connection">The connection's number, unique within its gateway process.</param>
/// <param name="Sub">The holder's stable identity.</param>
/// <param name="Name">The holder's name, as shown to people.</param>
/// <param name="Watches">Whether it wants to know who else comes and goes; a room that nobody watches tells nobody.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.Member")]
public sealed record Member(
    [property: Id(0)] long Connection, [property: Id(1)] string Sub, [property: Id(2)] string Name, [property: Id(3)] bool Watches = false);

/// <summary>A connection that enters.</summary>
/// <param name="Member">Who.</param>
/// <param name="OnlyIfLost">
/// True for a connection that showed a token and nothing else: it enters only if a session of its holder was lost here
/// (its connection or its gateway died) within the last two minutes, and is <see cref="MembershipAnswer.Refused"/> otherwise.
/// </param>
[GenerateSerializer, Immutable, Alias("chitchatz.Arrival")]
public sealed record Arrival([property: Id(0)] Member Member, [property: Id(1)] bool OnlyIfLost);

/// <summary>A connection that goes.</summary>
/// <param name="Connection">The connection's number.</param>
/// <param name="Lost">True when it did not leave but died; its holder may then re-enter by token (see <see cref="Arrival"/>).</param>
[GenerateSerializer, Immutable, Alias("chitchatz.Departure")]
public sealed record Departure([property: Id(0)] long Connection, [property: Id(1)] bool Lost);

/// <summary>A change of a gateway's members of a room. Arrivals first, then departures.</summary>
/// <param name="Gateway">The gateway that speaks.</param>
/// <param name="Number">
/// The number of this change: one more than the last, and above all that this process ever used for this room. The grain applies a
/// change whose number follows the one it knows, answers an older one from its present state without applying it, and to anything
/// else answers <see cref="MembershipStatus.IntroduceYourself"/>, unless the change starts anew.
/// </param>
/// <param name="RoomName">The room's name as this gateway knows or spells it; the first spelling wins.</param>
/// <param name="Arrivals">Connections that enter. One that is in already stays in.</param>
/// <param name="Departures">Connections that go. One that is not in is ignored.</param>
/// <param name="StartsAnew">True for the first change of a gateway that has nobody in the room: what the grain still had of it is gone.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.MembershipChange")]
public sealed record MembershipChange(
    [property: Id(0)] GatewayId Gateway,
    [property: Id(1)] long Number,
    [property: Id(2)] string RoomName,
    [property: Id(3)] Arrival[] Arrivals,
    [property: Id(4)] Departure[] Departures,
    [property: Id(5)] bool StartsAnew);

/// <summary>Everything a gateway has of a room.</summary>
/// <param name="Gateway">The gateway that speaks.</param>
/// <param name="Number">The number of its latest change that was answered; 0 if none was.</param>
/// <param name="RoomName">The room's name as the gateway knows it.</param>
/// <param name="ListedAt">When the room was first listed, as the gateway knows it (Unix ms); 0 if it does not. The oldest wins.</param>
/// <param name="Members">All its members of this room.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.Introduction")]
public sealed record Introduction(
    [property: Id(0)] GatewayId Gateway,
    [property: Id(1)] long Number,
    [property: Id(2)] string RoomName,
    [property: Id(3)] long ListedAt,
    [property: Id(4)] Member[] Members);

/// <summary>Renews a lease. A number or a count that does not match is answered <see cref="MembershipStatus.IntroduceYourself"/>.</summary>
/// <param name="Gateway">The gateway that speaks.</param>
/// <param name="Number">The number of its latest change that was answered.</param>
/// <param name="Count">How many members it has.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.LeaseRenewal")]
public sealed record LeaseRenewal([property: Id(0)] GatewayId Gateway, [property: Id(1)] long Number, [property: Id(2)] int Count);

/// <summary>How a call about membership ended.</summary>
[GenerateSerializer]
public enum MembershipStatus
{
    /// <summary>Done; the other fields of the answer hold.</summary>
    Ok,

    /// <summary>The grain does not know this gateway's members; nothing was changed. Introduce, then repeat.</summary>
    IntroduceYourself,

    /// <summary>The log's head cannot be read now; nothing was changed. Repeat later.</summary>
    Unavailable,
}

/// <summary>The answer to every call about membership.</summary>
/// <param name="Status">How it ended; the rest holds only for <see cref="MembershipStatus.Ok"/>.</param>
/// <param name="Epoch">The room's epoch.</param>
/// <param name="Head">The newest seq of the epoch in the log, read from the log after the change took effect; 0 in an empty room.</param>
/// <param name="Listing">The room as the list of rooms should show it from now on; null unless Ok.</param>
/// <param name="Refused">Connections whose arrival was refused; empty in most answers.</param>
/// <param name="PresenceVersion">See <see cref="PresenceChanged.Version"/>: a gateway that knows another one has missed something.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.MembershipAnswer")]
public sealed record MembershipAnswer(
    [property: Id(0)] MembershipStatus Status,
    [property: Id(1)] long Epoch,
    [property: Id(2)] long Head,
    [property: Id(3)] RoomListing? Listing,
    [property: Id(4)] long[] Refused,
    [property: Id(5)] long PresenceVersion)
{
    /// <summary>The answer of a grain that does not know the caller's members.</summary>
    public static MembershipAnswer IntroduceYourself { get; } = new(MembershipStatus.IntroduceYourself, 0, 0, null, [], 0);

    /// <summary>The answer of a grain that cannot read its log.</summary>
    public static MembershipAnswer Unavailable { get; } = new(MembershipStatus.Unavailable, 0, 0, null, [], 0);
}
