using ChitChatz.Gateway.Connections;
using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Gateway.Rooms;

/// <summary>What a room needs of a connection that is in it. Nothing here waits.</summary>
internal interface IRoomConnection
{
    /// <summary>The connection's number, unique in the process.</summary>
    long Number { get; }

    /// <summary>True when the next frame for this connection alone should bring a fresh token.</summary>
    bool WantsToken { get; }

    /// <summary>Whether it speaks version 2: its messages bear their place in the log, and it is told what it missed.</summary>
    bool IsVersion2 { get; }

    /// <summary>True while less than half of what may wait for the client does.</summary>
    bool IsDrained { get; }

    /// <summary>Queues a frame; a connection that reads too slowly is cut.</summary>
    void Send(OutboundFrame frame);

    /// <summary>Queues a frame that may be left out; false when too much waits already.</summary>
    bool TrySend(OutboundFrame frame);

    /// <summary>Whether a message with this author was sent by this connection's holder.</summary>
    bool IsSender(string sub);

    /// <summary>Whether its holder bears this name.</summary>
    bool IsNamed(string? name);

    /// <summary>A fresh token for the holder.</summary>
    string IssueToken(string? room);

    /// <summary>The token for the answer to a join, or null where nothing answers it.</summary>
    string? IssueJoinToken(string roomName);

    /// <summary>The answer to a join, queued in the moment from which on the connection gets messages.</summary>
    OutboundFrame[] AnswerJoin(in JoinAnswer answer);

    /// <summary>How the grain is told of this connection.</summary>
    Member AsMember();

    /// <summary>A text that this connection posted has its outcome.</summary>
    void OnDraftDone(Draft draft, in DraftResult result);
}
