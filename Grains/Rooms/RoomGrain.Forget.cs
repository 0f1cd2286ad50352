using ChitChatz.Grains.Abstractions;
using ChitChatz.Storage;

namespace ChitChatz.Grains.Rooms;

/// <summary>
/// Forgetting a room whose members have all left, where that is wanted. Those who were lost may come back for a while; a crash, which
/// loses all, forgets nothing. Whoever enters while it happens waits, and enters the new life.
/// </summary>
internal sealed partial class RoomGrain
{
    /// <summary>Out of the call that found the room empty.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(10);

    private Task _forgetting = Task.CompletedTask;
    private IGrainTimer? _forgetTimer;
    private int _entering;

    /// <summary>A call that may bring members in.</summary>
    private async Task<MembershipAnswer> EnteringAsync(Func<Task<MembershipAnswer>> call)
    {
        if (!_forgetting.IsCompleted)
            await _forgetting;

        _entering++;
        try
        {
            return await call();
        }
        finally
        {
            _entering--;
        }
    }

    private void ForgetSoonIfEmpty()
    {
        if (!retention.ForgetWhenEmpty || _members.Count > 0 || _appends.Head == 0 || _stopped)
            return;

        TimeSpan due = _members.AwaitsLost ? LeaseTimes.ReEntry + TimeSpan.FromSeconds(1) : Soon;
        if (_forgetTimer is null)
        {
            _forgetTimer = this.RegisterGrainTimer(
                static (room, _) => room.ForgetIfEmptyAsync(), this, new GrainTimerCreationOptions(due, Timeout.InfiniteTimeSpan) { Interleave = true });
        }
        else
        {
            _forgetTimer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private Task ForgetIfEmptyAsync()
    {
        if (_members.Count > 0 || _stopped || !_forgetting.IsCompleted)
            return Task.CompletedTask;

        if (_entering > 0 || _members.AwaitsLost || !_pump.IsCompleted)
        {
            ForgetSoonIfEmpty();
            return Task.CompletedTask;
        }

        return _forgetting = ForgetAsync();
    }

    private async Task ForgetAsync()
    {
        try
        {
            if (await forgetting.ForgetAsync(_key, _appends.Epoch, _appends.Head, CancellationToken.None) is { } epoch)
            {
                _appends.Open(new RoomHead(epoch, 0, _card.Name));
                instruments.Forgotten();
            }
            else
            {
                Overtaken();
            }
        }
        catch (LogUnavailableException exception)
        {
            // It stays as it is, until it is left once more.
            logger.LogUnavailable(exception, _key);
        }
    }
}
