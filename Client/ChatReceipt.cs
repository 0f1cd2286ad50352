namespace ChitChatz.Client;

/// <summary>The server's word that a message is in the room's log and stays there.</summary>
/// <param name="Id">The message's id.</param>
/// <param name="Position">Its place.</param>
/// <param name="At">When the room took it, by the server's clock.</param>
/// <param name="IsDuplicate">Whether this id was stored before, by an earlier attempt; then the place is that of the first.</param>
public sealed record ChatReceipt(string Id, ChatPosition Position, DateTimeOffset At, bool IsDuplicate);
