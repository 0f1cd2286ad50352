using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Grains.Rooms;

/// <summary>What a room takes along to another silo: who is in it, as the gateways said, and who may come back by token alone.</summary>
/// <param name="Gateways">Each gateway's members.</param>
/// <param name="Lost">Whose sessions were lost, and how long ago.</param>
/// <param name="Settled">Whether these are all gateways that have members in the room; false soon after a start that was none of a move.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.MigratedMembers")]
internal sealed record MigratedMembers(
    [property: Id(0)] Introduction[] Gateways, [property: Id(1)] LostSession[] Lost, [property: Id(2)] bool Settled);

/// <summary>A session that was lost.</summary>
/// <param name="Sub">Whose.</param>
/// <param name="Age">How long ago.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.LostSession")]
internal sealed record LostSession([property: Id(0)] string Sub, [property: Id(1)] TimeSpan Age);
