namespace ChitChatz.Client;

/// <summary>A message of a room, as its log has it.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Position">Its place in the room's log.</param>
/// <param name="At">When the room took it, by the server's clock, to the millisecond.</param>
/// <param name="From">The sender's name at that time. Other people choose it: show it as text.</param>
/// <param name="User">Who the sender is, whatever the name: equal to <see cref="ChatClient.User"/> for one's own.</param>
/// <param name="Id">The sender's id for it; null where the sender gave none.</param>
/// <param name="Text">The text, as it was sent. Other people choose it: show it as text.</param>
public sealed record ChatMessage(string Room, ChatPosition Position, DateTimeOffset At, string From, string User, string? Id, string Text)
{
    /// <summary>
    /// Set on the first message after some that nobody can bring any more; null on all others. Short of this,
    /// <see cref="ChatRoom.ReadMessagesAsync"/> leaves out none.
    /// </summary>
    public ChatGap? Gap { get; init; }
}
