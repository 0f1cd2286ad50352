using ChitChatz.Gateway.Connections;

namespace ChitChatz.Gateway.Rooms;

/// <summary>A local connection in a room. What changes, changes under the room's lock.</summary>
internal sealed class RoomMember(IRoomConnection connection)
{
    /// <summary>The start of a member that gets nothing live: what it missed is being replayed to it.</summary>
    public const long NotLive = long.MaxValue;

    /// <summary>The connection.</summary>
    public IRoomConnection Connection => connection;

    /// <summary>It gets only messages above this seq.</summary>
    public long Start { get; set; }

    /// <summary>The first seq that it was not sent because it reads too slowly; 0 while it keeps up. Version 2 only.</summary>
    public long SkippedFrom { get; set; }
}

/// <summary>Where a room's log stands for a connection that enters: what its answer says.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Epoch">The life of its log.</param>
/// <param name="Head">The newest seq that does not come as a live message.</param>
/// <param name="Recovered">Whether everything between the position that the client named and the live messages follows the answer.</param>
/// <param name="Token">A fresh token that names the room; null where nothing answers the join.</param>
internal readonly record struct JoinAnswer(string Room, long Epoch, long Head, bool Recovered, string? Token);

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

/// <summary>What became of a draft.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Epoch">The room's epoch; like the next two, only where it stands in the log.</param>
/// <param name="Seq">Where it stands.</param>
/// <param name="At">When the room took it (Unix ms).</param>
/// <param name="Duplicate">Whether its id was stored before.</param>
internal readonly record struct DraftResult(DraftOutcome Outcome, long Epoch = 0, long Seq = 0, long At = 0, bool Duplicate = false);

/// <summary>How a draft ended, for its sender.</summary>
internal enum DraftOutcome
{
    /// <summary>It is durable: version 1 sees its echo, version 2 an ack.</summary>
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
