using System.Text;

namespace ChitChatz.Protocol;

/// <summary>The names of all events on the wire.</summary>
public static class EventNames
{
    /// <summary>A client takes a name; from the server, the answer that brings a token.</summary>
    public const string Register = "register";

    /// <summary>A client asks for its room.</summary>
    public const string GetRoom = "get_room";

    /// <summary>A client asks for the list of rooms.</summary>
    public const string GetRooms = "get_rooms";

    /// <summary>A client enters a room.</summary>
    public const string JoinRoom = "join_room";

    /// <summary>A text, in both directions.</summary>
    public const string Message = "message";

    /// <summary>A client leaves its room.</summary>
    public const string LeaveRoom = "leave_room";

    /// <summary>From the server, a refusal; from a client, that it gives up.</summary>
    public const string Error = "error";

    /// <summary>Server only: the answer to <see cref="GetRoom"/>.</summary>
    public const string Room = "room";

    /// <summary>Server only: the answer to <see cref="GetRooms"/>, and the push when the list changed.</summary>
    public const string Rooms = "rooms";

    /// <summary>Version 2: a client asks for messages that are in the log.</summary>
    public const string GetHistory = "get_history";

    /// <summary>Version 2: a client asks who is in its room.</summary>
    public const string GetMembers = "get_members";

    /// <summary>Version 2: a user is typing, in both directions.</summary>
    public const string Typing = "typing";

    /// <summary>Version 2: a client asks for a fresh token.</summary>
    public const string Refresh = "refresh";

    /// <summary>Version 2, server only: the answer to a <see cref="Message"/> with an id, once it is durable.</summary>
    public const string Ack = "ack";

    /// <summary>Version 2, server only: the answer to <see cref="GetHistory"/>.</summary>
    public const string History = "history";

    /// <summary>Version 2, server only: the answer to <see cref="GetMembers"/>.</summary>
    public const string Members = "members";

    /// <summary>Version 2, server only: somebody entered the room.</summary>
    public const string Joined = "joined";

    /// <summary>Version 2, server only: somebody left the room.</summary>
    public const string Left = "left";

    /// <summary>Version 2, server only: the client read too slowly, and messages were skipped.</summary>
    public const string Gap = "gap";

    /// <summary>Version 2, server only: this gateway goes away.</summary>
    public const string Drain = "drain";

    /// <summary>Finds a client's event by its name, exactly as spelled. The server's own events are none of a client's.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> name, bool version2, out ClientEvent value)
    {
        ClientEvent? found = name switch
        {
            _ when Ascii.Equals(name, Message) => ClientEvent.Message,
            _ when Ascii.Equals(name, Register) => ClientEvent.Register,
            _ when Ascii.Equals(name, GetRoom) => ClientEvent.GetRoom,
            _ when Ascii.Equals(name, GetRooms) => ClientEvent.GetRooms,
            _ when Ascii.Equals(name, JoinRoom) => ClientEvent.JoinRoom,
            _ when Ascii.Equals(name, LeaveRoom) => ClientEvent.LeaveRoom,
            _ when Ascii.Equals(name, Error) => ClientEvent.Error,
            _ when !version2 => null,
            _ when Ascii.Equals(name, GetHistory) => ClientEvent.GetHistory,
            _ when Ascii.Equals(name, GetMembers) => ClientEvent.GetMembers,
            _ when Ascii.Equals(name, Typing) => ClientEvent.Typing,
            _ when Ascii.Equals(name, Refresh) => ClientEvent.Refresh,
            _ => null,
        };
        value = found.GetValueOrDefault();
        return found is not null;
    }
}
