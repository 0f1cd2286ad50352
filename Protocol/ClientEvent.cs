namespace ChitChatz.Protocol;

/// <summary>What a client can ask for.</summary>
public enum ClientEvent
{
    /// <summary>Take a name; the answer brings the first token.</summary>
    Register,

    /// <summary>Which room am I in?</summary>
    GetRoom,

    /// <summary>Which rooms are there?</summary>
    GetRooms,

    /// <summary>Enter a room, and leave the current one.</summary>
    JoinRoom,

    /// <summary>Say something in the current room.</summary>
    Message,

    /// <summary>Leave the current room.</summary>
    LeaveRoom,

    /// <summary>The client gives up; the connection closes.</summary>
    Error,

    /// <summary>Version 2: older messages of the current room.</summary>
    GetHistory,

    /// <summary>Version 2: who is in the current room?</summary>
    GetMembers,

    /// <summary>Version 2: the client's user is typing.</summary>
    Typing,

    /// <summary>Version 2: a fresh token, and nothing else.</summary>
    Refresh,
}
