using ChitChatz.Grains.Abstractions;
using ChitChatz.Storage;

namespace ChitChatz.Grains.Rooms;

/// <summary>
/// Each of these calls reads the head first and then, in one turn, changes the members and answers. What this activation commits
/// after that turn is pushed to the gateway; what it committed before is in the answered head. So the head is as good as one read
/// after the change, and an unreadable log leaves nothing changed. An activation that was overtaken takes nobody in: its successor
/// would not know them.
/// </summary>
internal sealed partial class RoomGrain
{
    private IGrainTimer? _leaseTimer;
    // A renewal does not move the timer: it fires for the lapse that was due and is then set to the next.
    private bool _watching;

    public Task<MembershipAnswer> ChangeMembers(MembershipChange change) => EnteringAsync(() => ChangeAsync(change));

    public Task<MembershipAnswer> Introduce(Introduction introduction) => EnteringAsync(() => IntroduceAsync(introduction));

    private async Task<MembershipAnswer> ChangeAsync(MembershipChange change)
    {
        if (!await OpenAsync() || await ReadHeadAsync() is not { } head || _stopped)
            return MembershipAnswer.Unavailable;

        if (!_members.TryChange(change, out long[] refused))
            return MembershipAnswer.IntroduceYourself;

        _card.Spell(change.RoomName);
        return Answer(head, refused);
    }

    private async Task<MembershipAnswer> IntroduceAsync(Introduction introduction)
    {
        if (!await OpenAsync() || await ReadHeadAsync() is not { } head || _stopped)
            return MembershipAnswer.Unavailable;

        _members.Introduce(introduction);
        _card.Spell(introduction.RoomName);
        _card.Counts(_members.Count);
        _card.ListedSince(introduction.ListedAt);
        return Answer(head, []);
    }

    public async Task<MembershipAnswer> Renew(LeaseRenewal renewal)
    {
        if (!await OpenAsync() || await ReadHeadAsync() is not { } head || _stopped)
            return MembershipAnswer.Unavailable;

        return _members.TryRenew(renewal) ? Answer(head, []) : MembershipAnswer.IntroduceYourself;
    }

    private MembershipAnswer Answer(RoomHead head, long[] refused)
    {
        List();
        WatchLeases();
        // Own commits since the log was read are as true as what it said.
        long newest = Math.Max(head.Head, _appends.Head);
        return new MembershipAnswer(MembershipStatus.Ok, head.Epoch, newest, _card.Listing, refused, _members.Presence.Version);
    }

    /// <summary>Lists the room as it now is.</summary>
    private void List()
    {
        _card.Counts(_members.Count);
        instruments.MembersChanged(_members.Count - _counted);
        _counted = _members.Count;
        if (_card.TryRenew() && !_stopped)
            reporter.Report(_card.Listing);

        TellPresence();
        ForgetSoonIfEmpty();
    }

    /// <summary>Sets the one timer to the time when the first lease lapses.</summary>
    private void WatchLeases()
    {
        // Orleans has disposed of the timers of a room that ends.
        if (_stopped || _members.NextLapse() is not { } next)
            return;

        // Not sooner than in a moment, so that a clock that is a tick behind the timer does not spin.
        TimeSpan due = TimeSpan.FromMilliseconds(Math.Clamp(next.TotalMilliseconds + 1, 50, limits.LeaseCheck.TotalMilliseconds));
        if (_leaseTimer is null)
        {
            _leaseTimer = this.RegisterGrainTimer(
                static (room, _) => room.ExpireLeasesAsync(), this, new GrainTimerCreationOptions(due, Timeout.InfiniteTimeSpan) { Interleave = true });
            _watching = true;
        }
        else if (!_watching)
        {
            _leaseTimer.Change(due, Timeout.InfiniteTimeSpan);
            _watching = true;
        }
    }

    private Task ExpireLeasesAsync()
    {
        _watching = false;
        _members.Expire();
        List();
        WatchLeases();
        return Task.CompletedTask;
    }
}
