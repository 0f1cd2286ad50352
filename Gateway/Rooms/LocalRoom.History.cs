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
        while (_time.GetElapsedTime(started) < s_joinBudget)
        {
            long epoch = Volatile.Read(ref _epoch);
            MessagePage? page = await TryReadHistoryAsync(epoch, SeqIn(epoch, after), SeqIn(epoch, before), limit);
            if (page is not { Available: true } || !Follows(page.Epoch))
            {
                await Task.Delay(s_shortPause, _time);
            }
            else if (page.Epoch == epoch)
            {
                page = page with { Messages = [.. page.Messages.SkipWhile(message => message.Seq < page.HistoryFrom)] };
                return after is null ? Whole(page) : UpTo(SeqIn(epoch, before) ?? long.MaxValue, page);
            }
        }

        return null;
    }

    private async Task<MessagePage?> TryReadHistoryAsync(long epoch, long? after, long? before, int limit)
    {
        try
        {
            Task<MessagePage> reading = after is { } start
                ? _grain.ReadAfter(epoch, Math.Max(0, start), limit)
                : _grain.ReadBefore(epoch, before ?? long.MaxValue, limit);
            return await reading.WaitAsync(s_readAttempt, _time);
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

    private History Whole(MessagePage page) => new(page.Epoch, Array.ConvertAll(page.Messages, ToFrame), page.More);

    /// <summary>The part of a page below a position, as far as one frame may carry it.</summary>
    private History UpTo(long before, MessagePage page)
    {
        int count = 0;
        int bytes = 0;
        while (count < page.Messages.Length && page.Messages[count].Seq < before
            && (count == 0 || bytes + page.Messages[count].Text.Length <= HistoryLimits.Bytes))
        {
            bytes += page.Messages[count++].Text.Length;
        }

        bool more = count < page.Messages.Length ? page.Messages[count].Seq < before : page.More && (page.Messages.Length == 0 || page.Messages[^1].Seq + 1 < before);
        return new History(page.Epoch, Array.ConvertAll(page.Messages[..count], ToFrame), more);
    }
}
