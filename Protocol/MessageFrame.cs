namespace ChitChatz.Protocol;

/// <summary>A message as version 2 sees it.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Epoch">The life of the room's log.</param>
/// <param name="Seq">The place in it: dense, from 1.</param>
/// <param name="At">When the room took it: milliseconds since the Unix epoch; RFC 3339 in UTC on the wire.</param>
/// <param name="From">The sender's name at the time.</param>
/// <param name="User">The sender's <c>sub</c>.</param>
/// <param name="Id">The sender's id for it, or null where the sender gave none.</param>
/// <param name="Text">The text as UTF-8; arrives byte for byte.</param>
public readonly record struct MessageFrame(string Room, long Epoch, long Seq, long At, string From, string User, string? Id, ReadOnlyMemory<byte> Text);
