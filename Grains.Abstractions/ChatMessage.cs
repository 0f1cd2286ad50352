namespace ChitChatz.Grains.Abstractions;

/// <summary>
/// One message of a room, as it stands in the log and travels to the gateways.
/// Its place is (room, epoch, <paramref name="Seq"/>); the room and the epoch stand once on whatever carries it.
/// </summary>
/// <param name="Seq">The position in the room's epoch: dense, from 1.</param>
/// <param name="Sub">The sender's stable identity: 1-128 printable ASCII characters.</param>
/// <param name="Name">The sender's name at the time, as shown to people.</param>
/// <param name="Id">
/// The message's id, unique per (room, sender). A client's own: 1-64 printable ASCII characters;
/// one given by the gateway starts with <c>§</c>, which no client can send.
/// </param>
/// <param name="Text">The text, UTF-8, unescaped, never empty. Treated as immutable by everybody who holds it.</param>
/// <param name="At">When the room took it: milliseconds since the Unix epoch, the silo's clock.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.ChatMessage")]
public sealed record ChatMessage(
    [property: Id(0)] long Seq,
    [property: Id(1)] string Sub,
    [property: Id(2)] string Name,
    [property: Id(3)] string Id,
    [property: Id(4)] byte[] Text,
    [property: Id(5)] long At);
