namespace ChitChatz.Protocol;

/// <summary>One row of the table of close codes.</summary>
/// <param name="Status">The status of the WebSocket's close frame.</param>
/// <param name="Reason">The reason that goes with it, at most 123 bytes.</param>
/// <param name="Reconnect">Whether a client should come back by itself.</param>
public sealed record CloseCode(int Status, string Reason, bool Reconnect);
