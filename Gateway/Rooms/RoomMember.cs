using ChitChatz.Gateway.Connections;

namespace ChitChatz.Gateway.Rooms;

/// <summary>A local connection in a room.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Start">It gets only messages above this seq.</param>
internal sealed record RoomMember(IRoomConnection Connection, long Start);

/// <summary>How an attempt to enter a room ended.</summary>
internal enum JoinOutcome
{
    /// <summary>In; the answer is queued already.</summary>
    Joined,

    /// <summary>A token alone does not let this connection in.</summary>
    Refused,

    /// <summary>The room did not answer in time.</summary>
    Unavailable,
}

/// <summary>How a draft ended, for its sender.</summary>
internal enum DraftOutcome
{
    /// <summary>It is durable; its echo is the answer.</summary>
    Stored,

    /// <summary>The room says that the sender is not in it.</summary>
    NotMember,

    /// <summary>Its id was stored with another text.</summary>
    IdConflict,

    /// <summary>Too much is waiting; it was not stored.</summary>
    Overloaded,

    /// <summary>No certain answer came in time; it may yet be stored.</summary>
    Unavailable,
}
