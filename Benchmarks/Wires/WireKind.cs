namespace ChitChatz.Benchmarks.Wires;

/// <summary>A protocol that the load speaks.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="PathAndQuery">Where its servers take WebSockets.</param>
/// <param name="New">Makes one member's wire.</param>
internal sealed record WireKind(string Name, string PathAndQuery, Func<IMember, Wire> New)
{
    public static WireKind ChitChatz { get; } = new("chitchatz", "/", static member => new ChitChatzWire(member));

    /// <summary>Version 2 of it, which can resume and has history. Not on the command line: a scenario that needs it takes it.</summary>
    public static WireKind ChitChatz2 { get; } = new("chitchatz2", "/", static member => new ChitChatz2Wire(member));

    public static WireKind SignalR { get; } = new("signalr", "/chat", static member => new SignalRWire(member));

    public static WireKind SocketIo { get; } = new("socketio", "/socket.io/?EIO=4&transport=websocket", static member => new SocketIoWire(member));

    /// <summary>The one of this name on the command line; null if there is none.</summary>
    public static WireKind? Find(string name) => Array.Find([ChitChatz, SignalR, SocketIo], kind => kind.Name == name);
}
