using System.Collections.Concurrent;
using ChitChatz.Gateway.Connections;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.RoomList;

/// <summary>The list of rooms as it is shown: in order of creation, at most <see cref="RoomListCache.Shown"/> of the largest.</summary>
/// <param name="number">Grows from each list to the next: of two, the one with the higher number is the newer.</param>
/// <param name="rooms">The rooms shown, in order.</param>
internal sealed class RoomListSnapshot(long number, RoomListing[] rooms)
{
    /// <summary>How many frames of rooms that are not shown are kept; beyond, and for rooms with few members here, each is made anew.</summary>
    private const int MostFramesKept = 500;

    private readonly HashSet<string> _shown = [.. rooms.Select(static room => room.Key)];
    private readonly ConcurrentDictionary<string, OutboundFrame> _framesWith = new();
    private int _framesKept;

    /// <summary>The order of the list.</summary>
    public static Comparer<RoomListing> ByCreation { get; } = Comparer<RoomListing>.Create(static (a, b) =>
    {
        int byTime = a.ListedAt.CompareTo(b.ListedAt);
        return byTime != 0 ? byTime : string.CompareOrdinal(a.Key, b.Key);
    });

    /// <summary>The list of a cluster without rooms.</summary>
    public static RoomListSnapshot Empty { get; } = new(0, []);

    /// <summary>Grows from each list to the next.</summary>
    public long Number => number;

    /// <summary>The names, in order of creation.</summary>
    public string[] Names { get; } = [.. rooms.Select(static room => room.Name)];

    /// <summary>The rooms frame of everybody whose own room is in the list: one for all, made when first needed.</summary>
    public OutboundFrame Frame => field ??= FrameOf(Names);

    /// <summary>True when a room is in the list.</summary>
    public bool Shows(string roomKey) => _shown.Contains(roomKey);

    /// <summary>True when a list of these rooms reads as this one does.</summary>
    public bool Reads(RoomListing[] others)
        => others.Length == rooms.Length && others.Zip(Names).All(static pair => pair.First.Name == pair.Second);

    /// <summary>The names with one more room in its place, for a member of a room that is too small to be shown.</summary>
    public string[] NamesWith(RoomListing own)
    {
        int place = Array.BinarySearch(rooms, own, ByCreation);
        return place >= 0 ? Names : [.. Names.AsSpan(0, ~place), own.Name, .. Names.AsSpan(~place)];
    }

    /// <summary>The rooms frame of everybody in such a room.</summary>
    public OutboundFrame FrameWith(RoomListing own)
    {
        if (_framesWith.TryGetValue(own.Key, out OutboundFrame? frame))
        {
            return frame;
        }

        frame = FrameOf(NamesWith(own));
        if (Volatile.Read(ref _framesKept) < MostFramesKept && _framesWith.TryAdd(own.Key, frame))
        {
            Interlocked.Increment(ref _framesKept);
        }

        return frame;
    }

    private static OutboundFrame FrameOf(string[] names)
        => OutboundFrame.Text(names, static (output, names) => FrameWriter.Rooms(output, names, jwt: null));
}
