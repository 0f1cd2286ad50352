using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Grains.Rooms;

/// <summary>
/// Who is in a room, as the gateways say: one set per gateway, each under a lease. The rules are those of
/// <see cref="MembershipChange"/>, <see cref="Introduction"/> and <see cref="LeaseRenewal"/>. Time is monotonic.
/// </summary>
internal sealed class RoomMembers(TimeProvider time, RoomLimits limits)
{
    /// <summary>After a missed renewal a gateway is probably dead; its sessions then count as lost though the lease still runs.</summary>
    private static readonly TimeSpan Overdue = LeaseTimes.Renewal + TimeSpan.FromSeconds(2);

    private readonly List<GatewayMembers> _gateways = [];
    private readonly LostSessions _lost = new(time, limits.LostSessions);

    /// <summary>Who that is by name. An activation makes fewer than one change a microsecond, so the next one starts above it.</summary>
    public RoomPresence Presence { get; } = new(time.GetUtcNow().ToUnixTimeMilliseconds() * 1000);

    /// <summary>Whether somebody wants to know who comes and goes.</summary>
    public bool IsWatched => _gateways.Exists(static gateway => gateway.Watching > 0);

    /// <summary>Whether somebody may still come back by token alone.</summary>
    public bool AwaitsLost => _lost.Any;

    /// <summary>How many connections are in the room.</summary>
    public int Count { get; private set; }

    /// <summary>The gateways with a lease, some of them perhaps with nobody here at the moment.</summary>
    public IReadOnlyList<GatewayMembers> Gateways => _gateways;

    /// <summary>Applies a change if its number is the next one; false when the gateway must introduce itself.</summary>
    public bool TryChange(MembershipChange change, out long[] refused)
    {
        refused = [];
        GatewayMembers? gateway = Find(change.Gateway);
        if (!change.StartsAnew && (gateway is null || change.Number > gateway.Number + 1))
            return false;

        gateway ??= Add(change.Gateway);
        Touch(gateway);
        if (change.Number <= gateway.Number)
        {
            refused = Absent(gateway, change.Arrivals);
            return true;
        }

        if (change.StartsAnew)
        {
            Count -= gateway.Count;
            gateway.Replace([]);
        }

        gateway.Number = change.Number;
        refused = Enter(gateway, change.Arrivals);
        foreach (Departure departure in change.Departures)
            Leave(gateway, departure);

        return true;
    }

    /// <summary>Replaces what was known of a gateway. Who is missing in the new set is gone, not lost.</summary>
    public void Introduce(Introduction introduction)
    {
        GatewayMembers gateway = Find(introduction.Gateway) ?? Add(introduction.Gateway);
        Touch(gateway);

        // A call that was late must not bring back an older set.
        if (introduction.Number < gateway.Number)
            return;

        gateway.Number = introduction.Number;
        Count -= gateway.Count;
        gateway.Replace(introduction.Members);
        Count += gateway.Count;
    }

    /// <summary>What another activation needs to go on as this one.</summary>
    public MigratedMembers Carry(RoomListing listing, bool settled) => new(
        [.. _gateways.Select(gateway => new Introduction(gateway.Gateway, gateway.Number, listing.Name, listing.ListedAt, [.. gateway.Members]))],
        _lost.Carry(),
        settled);

    /// <summary>Takes over whose sessions were lost elsewhere.</summary>
    public void TakeLost(LostSession[] lost) => _lost.Take(lost);

    /// <summary>Renews a lease; false when the gateway must introduce itself.</summary>
    public bool TryRenew(LeaseRenewal renewal)
    {
        if (Find(renewal.Gateway) is not { } gateway || gateway.Number != renewal.Number || gateway.Count != renewal.Count)
            return false;

        Touch(gateway);
        return true;
    }

    /// <summary>Renews the lease of a gateway that posts; null when it must introduce itself.</summary>
    public GatewayMembers? Touch(GatewayId id, long number)
    {
        // A change of the gateway's may have overtaken its Post; a draft's own connection is looked up all the same.
        if (Find(id) is not { } gateway || gateway.Number < number)
            return null;

        Touch(gateway);
        return gateway;
    }

    /// <summary>Drops the gateways whose lease lapsed; their members are lost.</summary>
    public void Expire()
    {
        for (int i = _gateways.Count - 1; i >= 0; i--)
        {
            GatewayMembers gateway = _gateways[i];
            if (time.GetElapsedTime(gateway.RenewedAt) < LeaseTimes.Lease)
                continue;

            _gateways.RemoveAt(i);
            Count -= gateway.Count;
            CountLost(gateway);
            gateway.Replace([]);
        }
    }

    /// <summary>How long until the first lease lapses unless it is renewed; null without leases.</summary>
    public TimeSpan? NextLapse()
    {
        TimeSpan? next = null;
        foreach (GatewayMembers gateway in _gateways)
        {
            TimeSpan left = LeaseTimes.Lease - time.GetElapsedTime(gateway.RenewedAt);
            if (next is null || left < next)
                next = left;
        }

        return next;
    }

    private long[] Enter(GatewayMembers gateway, Arrival[] arrivals)
    {
        List<long>? refused = null;
        foreach (Arrival arrival in arrivals)
        {
            Member member = arrival.Member;
            if (gateway.Has(member.Connection))
                continue;

            if (arrival.OnlyIfLost && !WasLost(member.Sub))
            {
                (refused ??= []).Add(member.Connection);
                continue;
            }

            gateway.Add(member);
            Count++;
        }

        return refused?.ToArray() ?? [];
    }

    private void Leave(GatewayMembers gateway, Departure departure)
    {
        if (!gateway.Remove(departure.Connection, out Member? member))
            return;

        Count--;
        if (departure.Lost)
            _lost.Add(member!.Sub);
        else
            _lost.Remove(member!.Sub);
    }

    private bool WasLost(string sub)
    {
        if (_lost.Contains(sub))
            return true;

        bool found = false;
        foreach (GatewayMembers gateway in _gateways)
        {
            if (gateway.CountedLost || time.GetElapsedTime(gateway.RenewedAt) < Overdue)
                continue;

            found = true;
            CountLost(gateway);
        }

        return found && _lost.Contains(sub);
    }

    private void CountLost(GatewayMembers gateway)
    {
        gateway.CountedLost = true;
        foreach (Member member in gateway.Members)
            _lost.Add(member.Sub);
    }

    private static long[] Absent(GatewayMembers gateway, Arrival[] arrivals)
    {
        List<long>? absent = null;
        foreach (Arrival arrival in arrivals)
        {
            if (!gateway.Has(arrival.Member.Connection))
                (absent ??= []).Add(arrival.Member.Connection);
        }

        return absent?.ToArray() ?? [];
    }

    /// <summary>What is known of a gateway; null if nothing. Few gateways hold one room: a walk is quicker than a hash.</summary>
    public GatewayMembers? Find(GatewayId id)
    {
        foreach (GatewayMembers gateway in _gateways)
        {
            if (gateway.Gateway == id)
                return gateway;
        }

        return null;
    }

    private GatewayMembers Add(GatewayId id)
    {
        GatewayMembers gateway = new(id, Presence);
        _gateways.Add(gateway);
        return gateway;
    }

    private void Touch(GatewayMembers gateway)
    {
        gateway.RenewedAt = time.GetTimestamp();
        gateway.CountedLost = false;
    }
}
