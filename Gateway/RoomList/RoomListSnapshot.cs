using ChitChatz.Gateway.Connections;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.RoomList;

/// <summary>The list of rooms as it is shown: names in order of creation, at most <see cref="RoomListCache.Shown"/> of the largest.</summary>
/// <param name="names">The names, in order.</param>
/// <param name="shown">The keys of the rooms in it, or null when all rooms are.</param>
internal sealed class RoomListSnapshot(string[] names, HashSet<string>? shown)
{
    /// <summary>The list of a cluster without rooms.</summary>
    public static RoomListSnapshot Empty { get; } = new([], null);

    /// <summary>The names, in order of creation.</summary>
    public string[] Names => names;

    /// <summary>The rooms frame of everybody whose own room is in the list: one for all, made when first needed.</summary>
    public OutboundFrame Frame
        => field ??= OutboundFrame.Text(names, static (output, names) => FrameWriter.Rooms(output, names, jwt: null));

    /// <summary>True when a room is in the list.</summary>
    public bool Shows(string roomKey) => shown is null || shown.Contains(roomKey);
}
