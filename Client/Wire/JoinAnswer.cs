namespace ChitChatz.Client.Wire;

/// <summary>Where a room's log stands for somebody who joined it.</summary>
/// <param name="Room">The room's name as it is shown.</param>
/// <param name="Epoch">The life of its log.</param>
/// <param name="Head">The newest seq that is not sent live.</param>
/// <param name="Recovered">Whether all from the named position up to the head follows.</param>
internal readonly record struct JoinAnswer(string Room, long Epoch, long Head, bool Recovered);
