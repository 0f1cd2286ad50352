using System.Diagnostics;
using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Gateway.Rooms;

internal sealed partial class LocalRoom
{
    /// <summary>For how long a head may be known without its push before the log is asked.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan s_shortPause = TimeSpan.FromMilliseconds(50);

    private const int PageSize = 500;

    private long _knownHead;
    private long _behindHead;
    private long _behindSince;
    private bool _repairing;

    /// <summary>Looks whether a head that was known a while ago still has not been delivered. False when the room is not behind any more.</summary>
    public bool CheckBehind()
    {
        lock (_gate)
        {
            if (_members.Count == 0 || _knownHead <= _delivered)
            {
                return _watched = false;
            }

            if (_delivered >= _behindHead)
            {
                _behindHead = _knownHead;
                _behindSince = _time.GetTimestamp();
            }
            else if (_time.GetElapsedTime(_behindSince) >= s_patience)
            {
                StartRepair();
            }

            return true;
        }
    }

    private bool _watched;

    /// <summary>Somebody who read the log says where it stands. Under the lock.</summary>
    private void LearnHead(long head)
    {
        if (head <= _knownHead)
        {
            return;
        }

        _knownHead = head;
        if (_knownHead > _delivered && !_watched && _members.Count > 0)
        {
            _watched = true;
            _behindHead = head;
            _behindSince = _time.GetTimestamp();
            _rooms.WatchBehind(this);
        }
    }

    /// <summary>Reads what is missing, once for all that miss it. Under the lock.</summary>
    private void StartRepair()
    {
        if (!_repairing)
        {
            _repairing = true;
            _ = RepairAsync();
        }
    }

    private async Task RepairAsync()
    {
        // What is read is not part of the push that showed the hole.
        Activity.Current = null;
        TimeSpan pause = s_shortPause;
        while (true)
        {
            long epoch;
            long after;
            long wanted;
            lock (_gate)
            {
                if (_members.Count == 0 || _delivered >= _knownHead)
                {
                    _repairing = false;
                    RetireIfUnused();
                    return;
                }

                (epoch, after, wanted) = (_epoch, _delivered, _knownHead);
            }

            if (await TryRepairAsync(epoch, after, wanted))
            {
                pause = s_shortPause;
                continue;
            }

            await Task.Delay(pause, _time);
            pause = TimeSpan.FromMilliseconds(Math.Min(1_000, pause.TotalMilliseconds * 2));
        }
    }

    /// <summary>Reads a page and delivers it. False when that brought nothing new, so that the next try should wait.</summary>
    private async Task<bool> TryRepairAsync(long epoch, long after, long wanted)
    {
        try
        {
            MessagePage page = await _grain.ReadAfter(epoch, after, PageSize).WaitAsync(_rooms.ReadAttempt, _time, _rooms.Calls);
            if (!page.Available)
            {
                return false;
            }

            _instruments.GapRead();
            if (page.Messages.Length > 0)
            {
                SkipTo(page.Epoch, after, page.Messages[0].Seq - 1);
                OnMessages(page.Epoch, page.Messages);
            }

            lock (_gate)
            {
                if (page.Epoch > _epoch)
                {
                    EnterEpoch(page.Epoch);
                }
                else if (page.Epoch == _epoch && page.Messages.Length == 0 && _knownHead == wanted)
                {
                    // The head was of something that never became durable: the log is the truth.
                    _knownHead = Math.Max(_delivered, page.Head);
                }

                if (page.Epoch == _epoch)
                {
                    LearnHead(page.Head);
                }

                return _epoch != epoch || _delivered > after;
            }
        }
#pragma warning disable CA1031 // Whatever went wrong, the repair goes on: a room that stops to repair itself is deaf.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LocalRoomLog.ReadFailed(_logger, exception);
            return false;
        }
    }
}
