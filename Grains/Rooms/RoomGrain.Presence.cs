using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Grains.Rooms;

/// <summary>
/// Who comes and goes, for the gateways with members that watch. Changes are gathered for a moment: a storm of joins is one item for each
/// gateway. What a gateway misses it finds out by the version, and reads.
/// </summary>
internal sealed partial class RoomGrain
{
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a room too large for names tells its count.</summary>
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(1);

    private IGrainTimer? _presenceTimer;
    private bool _telling;
    private long _openedAt;

    // What was carried here was known to be all.
    private bool IsSettled => _cameAlong || time.GetElapsedTime(_openedAt) >= RoomPeople.Settling;

    public async Task<RoomPeople> ReadPeople()
    {
        await OpenAsync();
        RoomPresence presence = _members.Presence;
        return new RoomPeople(presence.Version, IsSettled, presence.Count, [.. presence.Names.Take(RoomPeople.MostNames)]);
    }

    public async Task ShowTyping(GatewayId gateway, long connection)
    {
        if (_members.Find(gateway)?.Find(connection) is { } member)
            await ToWatchersAsync(new TypingShown(_key, member.Name, gateway, connection));
    }

    /// <summary>Sees to it that what changed is told soon.</summary>
    private void TellPresence()
    {
        RoomPresence presence = _members.Presence;
        if (!presence.HasChanges || _stopped || _telling)
            return;

        if (!_members.IsWatched)
        {
            presence.Take();
            return;
        }

        _telling = true;
        TimeSpan due = presence.Count > RoomPeople.MostNames ? CountInterval : Gather;
        if (_presenceTimer is null)
        {
            _presenceTimer = this.RegisterGrainTimer(
                static (room, _) => room.TellPresenceNowAsync(), this, new GrainTimerCreationOptions(due, Timeout.InfiniteTimeSpan) { Interleave = true });
        }
        else
        {
            _presenceTimer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task TellPresenceNowAsync()
    {
        _telling = false;
        RoomPresence presence = _members.Presence;
        if (!presence.HasChanges)
            return;

        (string[] joined, string[] left) = presence.Take();
        bool named = presence.Count <= RoomPeople.MostNames && joined.Length + left.Length <= RoomPeople.MostNames;
        await ToWatchersAsync(new PresenceChanged(_key, presence.Version, presence.Count, named ? joined : [], named ? left : []));
    }

    private async Task ToWatchersAsync(InboxItem item)
    {
        foreach (GatewayMembers gateway in _members.Gateways.ToArray())
        {
            if (gateway.Watching > 0)
                await inboxes.PublishAsync(gateway.Gateway, item);
        }
    }
}
