namespace ChitChatz.Client;

/// <summary>Where a client stands with its servers.</summary>
public enum ChatState
{
    /// <summary>It was not asked to connect, or its first attempt failed.</summary>
    Disconnected,

    /// <summary>It connects for the first time.</summary>
    Connecting,

    /// <summary>It is connected and, if it has a room, in it.</summary>
    Connected,

    /// <summary>The connection is gone and a new one is on its way. What is sent meanwhile waits.</summary>
    Reconnecting,

    /// <summary>It is over: closed by its user, or by a server in a way that forbids coming back.</summary>
    Closed,
}
