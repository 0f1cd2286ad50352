namespace ChitChatz.Client;

/// <summary>Kinds of failure.</summary>
public enum ChatFailure
{
    /// <summary>The server refused the request and says why in <see cref="ChatException.Code"/>. What was asked has not happened.</summary>
    Refused,

    /// <summary>No server could be connected to.</summary>
    Unreachable,

    /// <summary>The client or its room is over: closed or left, or closed by the server for good. What was asked has not happened.</summary>
    Closed,

    /// <summary>
    /// Only of a send: it was given to a server whose answer never came, and it cannot be repeated safely any more. It may or may not be in
    /// the room.
    /// </summary>
    OutcomeUnknown,
}
