using System.Collections.Concurrent;

namespace ChitChatz.Benchmarks.Bare;

/// <summary>All rooms by name. A room that was once made stays: this program lives for the length of a measurement.</summary>
internal sealed class Rooms
{
    private readonly ConcurrentDictionary<string, Room> _rooms = new(StringComparer.Ordinal);

    public Room Get(string name) => _rooms.GetOrAdd(name, static _ => new Room());
}

/// <summary>Who is in a room.</summary>
internal sealed class Room
{
    private readonly Lock _gate = new();
    private readonly HashSet<Connection> _members = [];

    /// <summary>Lets somebody in, and says so: under the lock, so that nothing of the room stands before the answer and nothing after it is missed.</summary>
    public void Add(Connection member, byte[] answer)
    {
        lock (_gate)
        {
            member.Queue(answer);
            _members.Add(member);
        }
    }

    public void Remove(Connection member)
    {
        lock (_gate)
            _members.Remove(member);
    }

    /// <summary>Queues one frame for every member. Under the lock, so that all members see one order.</summary>
    public void Broadcast(byte[] frame)
    {
        lock (_gate)
        {
            foreach (var member in _members)
                member.Queue(frame);
        }
    }
}
