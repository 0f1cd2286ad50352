using ChitChatz.Client.Wire;

namespace ChitChatz.Client.Connections;

/// <summary>Who gets what a connection receives, on its receive loop, in the order in which it comes.</summary>
internal interface IConnectionOwner
{
    /// <summary>A frame was received, or is about to be sent.</summary>
    void OnFrame(ChatFrameDirection direction, ReadOnlyMemory<byte> utf8);

    /// <summary>A frame brought a token. Called before anything else is made of the frame.</summary>
    void OnToken(string jwt);

    /// <summary>A frame that answers no request of this connection.</summary>
    void OnPush(Connection connection, ServerFrame frame);
}
