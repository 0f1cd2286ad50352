namespace ChitChatz.Client;

/// <summary>What somebody in the room does, beside writing.</summary>
public enum ChatPresenceKind
{
    /// <summary>Entered the room.</summary>
    Joined,

    /// <summary>Left the room.</summary>
    Left,

    /// <summary>Is typing.</summary>
    Typing,
}

/// <summary>News of the people in a room. Not repeated after a reconnect: ask <see cref="ChatRoom.GetMembersAsync"/> then.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Name">Who; null in rooms of more than 200 people, of which only the count is told.</param>
/// <param name="Count">How many people there are now; null for <see cref="ChatPresenceKind.Typing"/>.</param>
public sealed record ChatPresence(ChatPresenceKind Kind, string? Name, int? Count);
