namespace ChitChatz.Grains.Abstractions;

/// <summary>Who is in a room, by name: a person with several connections counts once.</summary>
/// <param name="Version">See <see cref="PresenceChanged.Version"/>.</param>
/// <param name="Settled">False while a fresh activation may not have heard of all yet: who is missing may be there all the same.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Names">At most <see cref="MostNames"/> of them.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.RoomPeople")]
public sealed record RoomPeople(
    [property: Id(0)] long Version,
    [property: Id(1)] bool Settled,
    [property: Id(2)] int Count,
    [property: Id(3)] string[] Names)
{
    /// <summary>The most names that are told; a room of more only tells how many.</summary>
    public const int MostNames = 200;

    /// <summary>For how long a fresh activation is not settled: gateways introduce themselves within 2 s, or at the latest with their next renewal.</summary>
    public static readonly TimeSpan Settling = LeaseTimes.Renewal + TimeSpan.FromSeconds(2);
}
