namespace ChitChatz.Gateway.Handshake;

/// <summary>Why somebody was not let in.</summary>
internal enum HandshakeRefusal
{
    /// <summary>It asks for a WebSocket, but not as RFC 6455 says.</summary>
    Malformed,

    /// <summary>Its address connects too often (429).</summary>
    AddressTooFast,

    /// <summary>Its address has too many connections (429).</summary>
    AddressTooMany,

    /// <summary>The process has all the connections that it may have (503).</summary>
    Full,

    /// <summary>The process stops (503).</summary>
    Stopping,

    /// <summary>A foreign page opened it (403).</summary>
    Origin,
}
