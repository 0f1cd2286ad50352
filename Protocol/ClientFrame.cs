namespace ChitChatz.Protocol;

/// <summary>One frame of a client, read and checked for its shape. Which fields are set depends on the event.</summary>
public readonly record struct ClientFrame
{
    /// <summary>What the client asks for.</summary>
    public ClientEvent Event { get; init; }

    /// <summary>Whether the frame asks for version 2 with <c>"v": 2</c>. Whatever else <c>v</c> holds is a field that version 1 does not know.</summary>
    public bool AsksForVersion2 { get; init; }

    /// <summary>Version 2: the request's id, 1-64 printable ASCII characters, which its answer carries; null when it has none.</summary>
    public string? Id { get; init; }

    /// <summary>Version 2, join_room: the last message that the client has. get_history: messages above this one.</summary>
    public LogPosition? After { get; init; }

    /// <summary>Version 2, get_history: messages below this one.</summary>
    public LogPosition? Before { get; init; }

    /// <summary>Version 2, get_history: how many messages at most, 1 to <see cref="WireLimits.MaxHistory"/>; null when not said.</summary>
    public int? Limit { get; init; }

    /// <summary>The token's characters as UTF-8; empty when the frame has none. May point into the buffer that was read: valid as long as that is.</summary>
    public ReadOnlyMemory<byte> Jwt { get; init; }

    /// <summary>register: the name as sent, not yet checked against the rules for names. Always set for register.</summary>
    public string? Name { get; init; }

    /// <summary>join_room: the room's name as sent, always set. message, get_history, get_members, typing: the room that the client believes to be in, or null. As sent, not yet checked.</summary>
    public string? Room { get; init; }

    /// <summary>message: the text, unescaped UTF-8, an array of its own, never empty, at most the limit's length.</summary>
    public byte[]? Text { get; init; }

    /// <summary>join_room and leave_room: true when the fields were spelled inside an object <c>data</c>; such a request is answered by register and then room.</summary>
    public bool InsideData { get; init; }
}
