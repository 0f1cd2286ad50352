namespace ChitChatz.Protocol;

/// <summary>A place in a room's log, as a client names it. Nothing is known of it but that both are integers from 0 to 2^53.</summary>
/// <param name="Epoch">The life of the log that the seq belongs to; null, where that is allowed, for the present one.</param>
/// <param name="Seq">The message's number in it; 0 stands before the first.</param>
public readonly record struct LogPosition(long? Epoch, long Seq);
