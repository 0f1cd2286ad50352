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
}
