using ChitChatz.Gateway;
using ChitChatz.Gateway.Rooms;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChitChatz.Benchmarks.Micro;

/// <summary>A gateway's room with members, as the inbox and the connections see it.</summary>
internal sealed class RoomOfMembers
{
    private static readonly SilentRoomGrain s_grain = new();
    private long _seq;

    private RoomOfMembers(LocalRoom room, QueueConnection[] members, Wire wire) => (Room, Members, Wire) = (room, members, wire);

    public LocalRoom Room { get; }

    public QueueConnection[] Members { get; }

    /// <summary>Where all members' bytes go.</summary>
    public Wire Wire { get; }

    public static async Task<RoomOfMembers> NewAsync(int count)
    {
        LocalRooms rooms = new(new ThisGateway(GatewayId.New()), static _ => s_grain, new GatewayInstruments(Samples.Meters), TimeProvider.System, NullLogger<LocalRooms>.Instance);
        Wire wire = new();
        QueueConnection[] members = [.. Enumerable.Range(1, count).Select(number => new QueueConnection(number, wire))];
        LocalRoom? room = null;
        foreach (QueueConnection member in members)
            (_, room) = await rooms.JoinAsync(new CanonicalName(Samples.Room, Samples.Room), member, member.AsMember(), onlyIfLost: false, after: null);
        return new RoomOfMembers(room!, members, wire);
    }

    /// <summary>The next batch of one message, to be pushed once.</summary>
    public ChatMessage[] NextBatch() => [Samples.Message(++_seq)];

    /// <summary>So many of the latest batches will not be pushed.</summary>
    public void TakeBack(int batches) => _seq -= batches;

    public void Push(ChatMessage[] batch) => Room.OnMessages(Samples.Epoch, batch);
}
