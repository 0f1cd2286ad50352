using ChitChatz.Gateway.Connections;
using ChitChatz.Gateway.RoomList;
using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.Logging;

namespace ChitChatz.Gateway.Rooms;

/// <summary>
/// What this gateway has of one room: its local members, the last seq it delivered, its lease with the grain. At most one call
/// about membership and one Post are under way; what comes meanwhile goes together with the next one. Lives as long as it has
/// members or something to tell the grain. One lock; nothing is awaited and no foreign code but queues is called under it.
/// </summary>
/// <remarks>By concern: FanOut (pushes in), Membership (join, leave), Lease (renewals, introductions), Posting (drafts out), Repair (what this
/// gateway missed), Replay (what a member missed while it was away), SlowReaders (what a member was too slow for),
/// History (pages of the log), Presence (who else is there).</remarks>
internal sealed partial class LocalRoom
{
    private readonly Lock _gate = new();
    private readonly LocalRooms _rooms;
    private readonly IRoomGrain _grain;
    private readonly GatewayId _gateway;
    private readonly RoomListCache _list;
    private readonly GatewayInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Dictionary<long, RoomMember> _members = [];
    private RoomMember[]? _snapshot;
    private int _memberCount;
    private bool _retired;

    /// <param name="key">The room's key.</param>
    /// <param name="name">Its name as the first local member spells it, until the grain says better.</param>
    /// <param name="rooms">Where it is kept, and what it works with.</param>
    public LocalRoom(string key, string name, LocalRooms rooms)
    {
        Key = key;
        Name = name;
        _rooms = rooms;
        _gateway = rooms.Gateway;
        _list = rooms.List;
        _instruments = rooms.Instruments;
        _time = rooms.Time;
        _logger = rooms.Logger;
        _grain = rooms.Grains(key);
        _firstNumber = _number = rooms.NextFirstNumber();
    }

    /// <summary>The room's key.</summary>
    public string Key { get; }

    /// <summary>The room's name, as everybody sees it.</summary>
    public string Name { get; private set; }

    /// <summary>Whether a local connection is in it.</summary>
    public bool HasMembers => Volatile.Read(ref _memberCount) > 0;

    private RoomMember AddMember(IRoomConnection connection)
    {
        RoomMember member = new(connection) { Start = RoomMember.NotLive };
        if (_members.Remove(connection.Number, out RoomMember? known))
        {
            // What it asked for before does not come behind what it asks for now.
            DropReplay(connection.Number);
            CountWatching(known.Connection.IsVersion2 ? -1 : 0);
        }

        _members.Add(connection.Number, member);
        CountWatching(connection.IsVersion2 ? 1 : 0);
        OnMembersChanged();
        return member;
    }

    private bool RemoveMember(long connection)
    {
        if (!_members.Remove(connection, out RoomMember? member))
        {
            return false;
        }

        CountWatching(member.Connection.IsVersion2 ? -1 : 0);
        DropReplay(connection);
        OnMembersChanged();
        return true;
    }

    /// <summary>The copy for fan-out is made anew by the next message, and not by each of a thousand joins.</summary>
    private void OnMembersChanged()
    {
        _snapshot = null;
        Volatile.Write(ref _memberCount, _members.Count);
    }

    /// <summary>Takes the room off the gateway when nothing holds it. Under the lock.</summary>
    private void RetireIfUnused()
    {
        if (_members.Count == 0 && !_changing && !_posting && !_repairing && !_replaying && !_retired)
        {
            _retired = true;
            _rooms.Remove(this);
        }
    }
}
