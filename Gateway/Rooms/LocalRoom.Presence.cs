using ChitChatz.Gateway.Connections;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Rooms;

/// <summary>
/// Who comes and goes, for the members of version 2. All of it is a hint: what was lost on the way shows in the version that each answer
/// of the grain brings, and is read.
/// </summary>
internal sealed partial class LocalRoom
{
    private static readonly TimeSpan s_unsettled = TimeSpan.FromSeconds(4);

    private readonly PresenceView _presence = new();
    private int _watching;
    private bool _readingPeople;
    private bool _peopleStale;

    /// <summary>Somebody came or is gone.</summary>
    public void OnPresence(PresenceChanged change)
    {
        lock (_gate)
        {
            if (_watching == 0)
            {
                return;
            }

            List<PresenceNotice> notices = [];
            bool whole = _presence.TryApply(change, notices);
            Tell(notices);
            if (!whole)
            {
                ReadPeople();
            }
        }
    }

    /// <summary>Somebody is typing.</summary>
    public void OnTyping(TypingShown typing)
    {
        lock (_gate)
        {
            if (_watching > 0)
            {
                OutboundFrame frame = OutboundFrame.Text((Name, typing), static (output, state) => FrameWriter.Typing(output, state.Name, state.typing.Name));
                foreach (RoomMember member in _members.Values)
                {
                    if (member.Connection.IsVersion2 && (typing.Gateway != _gateway || typing.Connection != member.Connection.Number))
                    {
                        member.Connection.TrySend(frame);
                    }
                }
            }
        }
    }

    /// <summary>Tells the other members that a local one is typing. Nothing waits for it, and nothing repeats it.</summary>
    public async Task ShowTypingAsync(long connection)
    {
        try
        {
            await _grain.ShowTyping(_gateway, connection).WaitAsync(LocalRooms.Attempt, _time);
        }
#pragma warning disable CA1031 // A hint that is lost is lost.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LocalRoomLog.PeopleFailed(_logger, exception);
        }
    }

    /// <summary>Who is in the room now; null when the grain does not answer.</summary>
    public async Task<RoomPeople?> ReadPeopleAsync()
    {
        try
        {
            return await _grain.ReadPeople().WaitAsync(LocalRooms.Read, _time);
        }
#pragma warning disable CA1031 // Whatever happened to the call, the client may ask again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LocalRoomLog.PeopleFailed(_logger, exception);
            return null;
        }
    }

    /// <summary>An answer of the grain brought its version. Under the lock.</summary>
    private void LearnPresence(long version)
    {
        if (_watching > 0 && version != _presence.Version)
        {
            ReadPeople();
        }
    }

    /// <summary>A member that watches came (1) or went (-1). Under the lock.</summary>
    private void CountWatching(int change)
    {
        _watching += change;
        if (_watching == 0)
        {
            _presence.Clear();
        }
    }

    /// <summary>Reads the whole set, once for all that ask meanwhile. Under the lock.</summary>
    private void ReadPeople()
    {
        _peopleStale = true;
        if (!_readingPeople)
        {
            _readingPeople = true;
            _ = RefreshPeopleAsync();
        }
    }

    private async Task RefreshPeopleAsync()
    {
        await Task.Yield();
        while (true)
        {
            lock (_gate)
            {
                if (!_peopleStale || _watching == 0)
                {
                    _readingPeople = false;
                    return;
                }

                _peopleStale = false;
            }

            RoomPeople? people = await ReadPeopleAsync();
            lock (_gate)
            {
                if (people is not null && _watching > 0)
                {
                    List<PresenceNotice> notices = [];
                    _presence.Apply(people, notices);
                    Tell(notices);
                }

                _peopleStale |= people is not { Settled: true };
            }

            if (people is not { Settled: true })
            {
                await Task.Delay(s_unsettled, _time);
            }
        }
    }

    private void Tell(List<PresenceNotice> notices)
    {
        foreach (PresenceNotice notice in notices)
        {
            OutboundFrame frame = OutboundFrame.Text((Name, notice), static (output, state) =>
            {
                if (state.notice.Joined)
                {
                    FrameWriter.Joined(output, state.Name, state.notice.Name, state.notice.Count);
                }
                else
                {
                    FrameWriter.Left(output, state.Name, state.notice.Name, state.notice.Count);
                }
            });
            foreach (RoomMember member in _members.Values)
            {
                if (member.Connection.IsVersion2 && !member.Connection.IsNamed(notice.Name))
                {
                    member.Connection.TrySend(frame);
                }
            }
        }
    }
}
