namespace ChitChatz.Grains.Names;

/// <summary>Tells from the cluster's successive memberships whether a silo was lost. A silo that stops in an orderly way takes its soft state along too.</summary>
internal sealed class SiloLosses
{
    private HashSet<SiloAddress>? _active;

    public bool Sees(ClusterMembershipSnapshot snapshot)
    {
        HashSet<SiloAddress> active = [];
        bool anyDead = false;
        foreach (ClusterMember member in snapshot.Members.Values)
        {
            if (member.Status == SiloStatus.Active)
                active.Add(member.SiloAddress);
            else if (member.Status == SiloStatus.Dead)
                anyDead = true;
        }

        // A silo that comes up alone after others have died takes over from them, and gateways may have outlived them.
        bool lost = _active is null ? anyDead && active.Count <= 1 : !active.IsSupersetOf(_active);
        _active = active;
        return lost;
    }
}
