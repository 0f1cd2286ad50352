namespace ChitChatz.Client;

/// <summary>A piece of a room's log.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Epoch">The present life of the log.</param>
/// <param name="Messages">The messages in ascending order, at most 100.</param>
/// <param name="HasMore">Whether there are more in the direction that was read: newer ones where <c>after</c> was given, else older ones.</param>
public sealed record ChatHistory(string Room, long Epoch, IReadOnlyList<ChatMessage> Messages, bool HasMore);
