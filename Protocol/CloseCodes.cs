namespace ChitChatz.Protocol;

/// <summary>The table of close codes: RFC 6455 section 7.4.1 and our own from 4000 on.</summary>
public static class CloseCodes
{
    /// <summary>The client said goodbye.</summary>
    public static readonly CloseCode Normal = new(1000, "Bye", Reconnect: false);

    /// <summary>The process stops.</summary>
    public static readonly CloseCode GoingAway = new(1001, "Going away", Reconnect: true);

    /// <summary>The WebSocket protocol was violated.</summary>
    public static readonly CloseCode ProtocolError = new(1002, "Protocol error", Reconnect: false);

    /// <summary>A binary message.</summary>
    public static readonly CloseCode UnsupportedData = new(1003, "Text only", Reconnect: false);

    /// <summary>A text message that is not UTF-8.</summary>
    public static readonly CloseCode InvalidPayload = new(1007, "Not UTF-8", Reconnect: false);

    /// <summary>Too many violations, too many fragments, or a message that does not end.</summary>
    public static readonly CloseCode PolicyViolation = new(1008, "Policy violation", Reconnect: false);

    /// <summary>A message above the limit.</summary>
    public static readonly CloseCode TooLarge = new(1009, "Too large", Reconnect: false);

    /// <summary>A mistake of ours.</summary>
    public static readonly CloseCode InternalError = new(1011, "Internal error", Reconnect: true);

    /// <summary>The gateway restarts.</summary>
    public static readonly CloseCode Restart = new(1012, "Restart, come back", Reconnect: true);

    /// <summary>No registration and no valid token within 10 seconds.</summary>
    public static readonly CloseCode NotRegistered = new(4001, "Not registered in time", Reconnect: true);

    /// <summary>The token ran out while the connection lived.</summary>
    public static readonly CloseCode TokenExpired = new(4002, "Token expired", Reconnect: true);

    /// <summary>Somebody with the right to do so removed this client.</summary>
    public static readonly CloseCode Removed = new(4003, "Removed", Reconnect: false);

    /// <summary>The client reads more slowly than its rooms talk, and its queue is full.</summary>
    public static readonly CloseCode TooSlow = new(4008, "Reading too slowly", Reconnect: true);

    /// <summary>The client sends more than reading slowly can hold back.</summary>
    public static readonly CloseCode Flooding = new(4029, "Flooding", Reconnect: false);

    /// <summary>The whole table.</summary>
    public static IReadOnlyList<CloseCode> All { get; } =
    [
        Normal, GoingAway, ProtocolError, UnsupportedData, InvalidPayload, PolicyViolation, TooLarge, InternalError,
        Restart, NotRegistered, TokenExpired, Removed, TooSlow, Flooding,
    ];
}
