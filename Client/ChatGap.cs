namespace ChitChatz.Client;

/// <summary>Why messages are missing.</summary>
public enum ChatGapReason
{
    /// <summary>They are older than what the server still lets read (its settings <c>Rooms:HistoryDays</c> and <c>Rooms:HistoryMessages</c>).</summary>
    Expired,

    /// <summary>The room's log began anew or was put back to an earlier state: it was forgotten, lost or restored from a backup.</summary>
    LogReplaced,
}

/// <summary>A hole in a room's messages that cannot be filled.</summary>
/// <param name="Reason">Why.</param>
/// <param name="After">The place of the last message before it.</param>
public sealed record ChatGap(ChatGapReason Reason, ChatPosition After);
