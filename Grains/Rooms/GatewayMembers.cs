using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Grains.Rooms;

/// <summary>One gateway's members of a room, and its lease.</summary>
internal sealed class GatewayMembers(GatewayId gateway)
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

    public IEnumerable<Member> Members => _members.Values;

    /// <summary>A draft counts only under the sub that entered with its connection.</summary>
    public bool Has(long connection, string sub) =>
        _members.TryGetValue(connection, out Member? member) && string.Equals(member.Sub, sub, StringComparison.Ordinal);

    public bool Has(long connection) => _members.ContainsKey(connection);

    public void Add(Member member) => _members[member.Connection] = member;

    public bool Remove(long connection, out Member? member) => _members.Remove(connection, out member);

    public void Replace(Member[] members)
    {
        _members.Clear();
        foreach (Member member in members)
            Add(member);
    }
}
