using ChitChatz.Grains.Abstractions;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Rooms;

/// <summary>A part of a room's log for one client.</summary>
/// <param name="Epoch">The room's present epoch.</param>
/// <param name="Messages">In ascending order.</param>
/// <param name="More">Whether there are more in the direction that was read.</param>
internal sealed record History(long Epoch, MessageFrame[] Messages, bool More);

internal sealed partial class LocalRoom
{
    /// <summary>
    /// Reads messages above a position, or below one, or the newest. A position in another life of the log has everything of the
    /// present one above it, and nothing below. Null when the log did not answer in time.
    /// </summary>
    public async Task<History?> ReadHistoryAsync(LogPosition? after, LogPosition? before, int limit)
    {
        long started = _time.GetTimestamp();
        int read = limit;
        while (_time.GetElapsedTime(started) < s_joinBudget)
        {
            long epoch = Volatile.Read(ref _epoch);
            MessagePage? page = await TryReadHistoryAsync(epoch, SeqIn(epoch, after), SeqIn(epoch, before), read);
            if (page is not { Available: true } || !Follows(page.Epoch))
            {
                await Task.Delay(s_shortPause, _time);
            }
            else if (page.Epoch == epoch && after is null)
            {
                return new History(epoch, Array.ConvertAll(page.Messages, ToFrame), page.More);
            }
            else if (page.Epoch == epoch)
            {
                long end = SeqIn(epoch, before) ?? long.MaxValue;
                if (LastTooOld(page) is not { } tooOld || tooOld + 1 >= end)
                {
                    return UpTo(end, limit, page);
                }

                (after, read) = (new LogPosition(epoch, tooOld), PageSize);
            }
        }

        return null;
    }

    /// <summary>
    /// The last message before which nothing is history, when a page of the log has no message that is and does not end it: such messages are
    /// kept only so that their ids are known again, and whoever reads upwards from among them goes on behind them. Null otherwise.
    /// </summary>
    private static long? LastTooOld(MessagePage page)
        => page is { More: true, Messages: [.., { Seq: var last }] } && last < page.HistoryFrom ? page.HistoryFrom - 1 : null;

    private async Task<MessagePage?> TryReadHistoryAsync(long epoch, long? after, long? before, int limit)
    {
        try
        {
            Task<MessagePage> reading = after is { } start
                ? _grain.ReadAfter(epoch, Math.Max(0, start), limit)
                : _grain.ReadBefore(epoch, before ?? long.MaxValue, limit);
            return await reading.WaitAsync(_rooms.ReadAttempt, _time);
        }
#pragma warning disable CA1031 // Whatever happened to the call, it may be made again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LocalRoomLog.ReadFailed(_logger, exception);
            return null;
        }
    }

    /// <summary>Takes note of the room's epoch; false for one that is over.</summary>
    private bool Follows(long epoch)
    {
        lock (_gate)
        {
            return EnterEpoch(epoch);
        }
    }

    private static long? SeqIn(long epoch, LogPosition? position)
        => position is not { } named ? null : named.Epoch is null || named.Epoch == epoch ? named.Seq : 0;

    /// <summary>The part of a page that is history and below a position, as far as one frame may carry it.</summary>
    private History UpTo(long before, int limit, MessagePage page)
    {
        MessageFrame[] found = [.. page.Messages.Where(message => message.Seq >= page.HistoryFrom && message.Seq < before).Select(ToFrame)];
        int count = 0;
        for (int bytes = 0; count < Math.Min(limit, found.Length) && (count == 0 || bytes + found[count].Text.Length <= HistoryLimits.Bytes); count++)
        {
            bytes += found[count].Text.Length;
        }

        bool more = count < found.Length || (page.More && Math.Max(page.Messages[^1].Seq + 1, page.HistoryFrom) < before);
        return new History(page.Epoch, found[..count], more);
    }
}
