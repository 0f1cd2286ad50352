using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Gateway.Rooms;

internal sealed partial class LocalRoom
{
    private TaskCompletionSource? _introduced;
    private bool _renewalDue;
    private long _listedAt;
    private long _reachedAt;

    /// <summary>Whether the lease is due for renewal.</summary>
    public bool RenewalDue => HasMembers && _time.GetElapsedTime(Volatile.Read(ref _reachedAt)) >= LeaseTimes.Renewal;

    /// <summary>Renews the lease; the answer brings the head.</summary>
    public void Renew()
    {
        lock (_gate)
        {
            if (_members.Count > 0)
            {
                _renewalDue = true;
                StartChanging();
            }
        }
    }

    /// <summary>The room lives in a fresh activation that knows nobody here.</summary>
    public void OnMoved(RoomMoved moved)
    {
        lock (_gate)
        {
            if (_members.Count == 0)
            {
                RememberEarly(moved.Epoch, moved.Head);
                if (!_changing)
                {
                    return;
                }
            }
            else if (moved.Epoch == _epoch)
            {
                LearnHead(moved.Head);
            }

            _introduced ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            StartChanging();
        }
    }

    /// <summary>Asserts all local members; ends when the grain took them.</summary>
    private Task IntroduceAsync()
    {
        lock (_gate)
        {
            _introduced ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            StartChanging();
            return _introduced.Task;
        }
    }

    private async Task SendIntroductionAsync(PendingArrival[] waiting)
    {
        // Who asks from now on means an activation that this one may not reach.
        TaskCompletionSource? introduced;
        lock (_gate)
        {
            (introduced, _introduced) = (_introduced, null);
        }

        try
        {
            MembershipAnswer? answer = await RetryAsync(
                () =>
                {
                    lock (_gate)
                    {
                        Member[] members = [.. _members.Values.Select(static member => member.Connection.AsMember())];
                        return _grain.Introduce(new Introduction(_gateway, _number, Name, _listedAt, members));
                    }
                },
                waiting,
                giveUp: () => !HasMembers);
            if (answer is not null)
            {
                Observe(answer);
            }
        }
        finally
        {
            introduced?.TrySetResult();
        }
    }

    private async Task SendRenewalAsync()
    {
        LeaseRenewal renewal;
        lock (_gate)
        {
            renewal = new LeaseRenewal(_gateway, _number, _members.Count);
        }

        MembershipAnswer? answer = await AttemptAsync(() => _grain.Renew(renewal), new HedgedCall<MembershipAnswer>(_time), LocalRooms.Attempt);
        if (answer is { Status: MembershipStatus.Ok })
        {
            Observe(answer);
        }
        else if (answer is { Status: MembershipStatus.IntroduceYourself })
        {
            await SendIntroductionAsync([]);
        }
    }

    /// <summary>Repeats a call until it is answered, introducing this gateway where asked to; arrivals that wait too long meanwhile are told.</summary>
    private async Task<MembershipAnswer?> RetryAsync(Func<Task<MembershipAnswer>> call, PendingArrival[] waiting, Func<bool> giveUp)
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(50);
        HedgedCall<MembershipAnswer> attempts = new(_time);
        while (true)
        {
            // Attempts may overtake each other: an older change is known by its number; an older introduction has more members at most,
            // whose departures follow under a higher one.
            MembershipAnswer? answer = await AttemptAsync(call, attempts, _rooms.HedgeAfter);
            switch (answer?.Status)
            {
                case MembershipStatus.Ok:
                    return answer;

                case MembershipStatus.IntroduceYourself:
                    await SendIntroductionAsync(waiting);
                    attempts.Forget();
                    GiveUpOverdue(waiting);
                    continue;
            }

            GiveUpOverdue(waiting);

            if (giveUp())
            {
                return null;
            }

            await Task.Delay(pause, _time);
            pause = TimeSpan.FromMilliseconds(Math.Min(_rooms.LongestPause.TotalMilliseconds, pause.TotalMilliseconds * 2));
        }
    }

    /// <summary>Tells those that wait for too long: in the call under way, and behind it.</summary>
    private void GiveUpOverdue(PendingArrival[] waiting)
    {
        foreach (PendingArrival arrival in waiting)
        {
            if (_time.GetElapsedTime(arrival.QueuedAt) >= s_joinBudget)
            {
                arrival.GiveUp();
            }
        }

        lock (_gate)
        {
            _arrivals.RemoveAll(arrival =>
            {
                bool overdue = _time.GetElapsedTime(arrival.QueuedAt) >= s_joinBudget;
                if (overdue)
                {
                    // An earlier departure of this connection may have been left unsent for it.
                    arrival.GiveUp();
                    if (!_members.ContainsKey(arrival.Member.Connection))
                    {
                        _departures.Add(new PendingDeparture(new Departure(arrival.Member.Connection, Lost: false)));
                    }
                }

                return overdue;
            });
        }
    }

    private async Task<MembershipAnswer?> AttemptAsync(Func<Task<MembershipAnswer>> call, HedgedCall<MembershipAnswer> attempts, TimeSpan patience)
    {
        try
        {
            return await attempts.AttemptAsync(call(), patience, _rooms.Calls);
        }
#pragma warning disable CA1031 // Whatever happened to the call, its outcome is unknown: the same again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LocalRoomLog.MembershipFailed(_logger, exception);
            return null;
        }
    }

    /// <summary>Takes what every answer brings: the head, the name, the place in the list.</summary>
    private void Observe(MembershipAnswer answer)
    {
        lock (_gate)
        {
            _reachedAt = _time.GetTimestamp();
            Name = answer.Listing!.Name;
            _listedAt = answer.Listing.ListedAt;
            if (_members.Count > 0 && EnterEpoch(answer.Epoch))
            {
                LearnHead(answer.Head);
            }

            LearnPresence(answer.PresenceVersion);
        }

        _list.Apply(answer.Listing!);
    }
}
