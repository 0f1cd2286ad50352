namespace ChitChatz.Client;

/// <summary>A change of a client's state; also each further attempt to reconnect, with its own reason.</summary>
/// <param name="State">The state from now on.</param>
/// <param name="Server">The server that it is about: the one connected to, or the one that was lost or not reached. Null when it is about none.</param>
/// <param name="Reason">What ended the connection or the attempt; null for good news and for a close by the client's user.</param>
/// <param name="RetryIn">How long until the next attempt; null when there is none to wait for.</param>
public sealed record ChatStateChange(ChatState State, Uri? Server, ChatException? Reason, TimeSpan? RetryIn);
