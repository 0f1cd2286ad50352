namespace ChitChatz.Client;

/// <summary>Who is in a room.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Count">How many people; one with several connections counts once.</param>
/// <param name="Names">Their names, at most 200 of them.</param>
public sealed record ChatMembers(string Room, int Count, IReadOnlyList<string> Names);
