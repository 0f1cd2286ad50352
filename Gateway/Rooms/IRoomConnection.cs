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

    /// <summary>Queues a frame; a connection that reads too slowly is cut.</summary>
    void Send(OutboundFrame frame);

    /// <summary>Whether a message with this author was sent by this connection's holder.</summary>
    bool IsSender(string sub);

    /// <summary>A fresh token for the holder.</summary>
    string IssueToken(string? room);

    /// <summary>The answer to a join, queued in the moment from which on the connection gets messages.</summary>
    OutboundFrame[] AnswerJoin(string roomName);

    /// <summary>How the grain is told of this connection.</summary>
    Member AsMember();

    /// <summary>A text that this connection posted has its outcome.</summary>
    void OnDraftDone(DraftOutcome outcome, long seq);
}
