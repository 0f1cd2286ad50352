using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Grains.Rooms;

/// <summary>One gateway's members of a room, and its lease.</summary>
internal sealed class GatewayMembers(GatewayId gateway, RoomPresence presence)
{
    private readonly Dictionary<long, Member> _members = [];

    public GatewayId Gateway { get; } = gateway;

    /// <summary>The number of the latest change that was applied.</summary>
    public long Number { get; set; }

    /// <summary>The timestamp of the latest renewal.</summary>
    public long RenewedAt { get; set; }

    /// <summary>True when its silence was taken for death and its members for lost, until it speaks again.</summary>
    public bool CountedLost { get; set; }

    public int Count => _members.Count;

    /// <summary>How many of them want to know who comes and goes.</summary>
    public int Watching { get; private set; }

    public IEnumerable<Member> Members => _members.Values;

    /// <summary>A draft counts only under the sub that entered with its connection.</summary>
    public bool Has(long connection, string sub) =>
        _members.TryGetValue(connection, out Member? member) && string.Equals(member.Sub, sub, StringComparison.Ordinal);

    public bool Has(long connection) => _members.ContainsKey(connection);

    public Member? Find(long connection) => _members.GetValueOrDefault(connection);

    public void Add(Member member)
    {
        // Whoever is in under another description goes first.
        Remove(member.Connection, out _);
        _members.Add(member.Connection, member);
        Watching += member.Watches ? 1 : 0;
        presence.Enter(member.Name);
    }

    public bool Remove(long connection, out Member? member)
    {
        if (!_members.Remove(connection, out member))
            return false;

        Watching -= member.Watches ? 1 : 0;
        presence.Leave(member.Name);
        return true;
    }

    public void Replace(Member[] members)
    {
        foreach (long connection in _members.Keys.ToArray())
            Remove(connection, out _);
        foreach (Member member in members)
            Add(member);
    }
}
