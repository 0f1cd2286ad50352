using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Storage;

/// <summary>Finding out what an unclear commit did. Each room does that by itself, beside the loop, so that the others go on.</summary>
public sealed partial class LogWriter
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    /// <summary>Reads the room's rows back until the store answers. Never throws.</summary>
    /// <param name="append">The room's append.</param>
    /// <param name="ifAbsent">The outcome when the rows are not there; null to append them again.</param>
    private async Task SettleAsync(PendingAppend append, AppendResult? ifAbsent)
    {
        try
        {
            // From the second unclear commit on, the store is given time before it is asked again.
            var delay = Delay(append.Unclear - 1);
            for (var attempt = append.Unclear; ; attempt++)
            {
                if (delay > TimeSpan.Zero)
                    await Task.Delay(delay, _time, _abandon.Token);
                if (await TryReadBackAsync(append) is { } rows)
                {
                    Settle(append, rows, ifAbsent);
                    return;
                }

                delay = Delay(attempt);
            }
        }
        catch (OperationCanceledException)
        {
            Abandon(append);
        }
    }

    private void Settle(PendingAppend append, IReadOnlyList<ChatMessage> rows, AppendResult? ifAbsent)
    {
        if (rows.Count > 0)
            End(append, AreOurs(rows, append.Batch.Messages) ? AppendResult.Committed : AppendResult.Fenced);
        else if (ifAbsent is not null)
            End(append, ifAbsent);
        else if (!TryAgain(append))
            Abandon(append);
    }

    // Under the lock, so that nothing enters the queue after the loop has emptied it for the last time.
    private bool TryAgain(PendingAppend append)
    {
        lock (_gate)
            return !_abandoned && _queue.Writer.TryWrite(append);
    }

    private async Task<IReadOnlyList<ChatMessage>?> TryReadBackAsync(PendingAppend append)
    {
        var batch = append.Batch;
        try
        {
            return await _log.ReadAfterAsync(
                batch.Room, batch.Epoch, batch.Messages[0].Seq - 1, batch.Messages.Count, int.MaxValue, _abandon.Token);
        }
        catch (Exception error) when (error is not OperationCanceledException || !_abandon.IsCancellationRequested)
        {
            _reading.Failed(error);
            return null;
        }
    }

    // The time tells our rows from those of another activation that took the same repeated drafts.
    private static bool AreOurs(IReadOnlyList<ChatMessage> rows, IReadOnlyList<ChatMessage> messages) =>
        rows.Count == messages.Count
        && rows.Zip(messages).All(pair => pair.First.Seq == pair.Second.Seq && pair.First.Id == pair.Second.Id
            && pair.First.Sub == pair.Second.Sub && pair.First.At == pair.Second.At);

    private static TimeSpan Delay(int attempt) =>
        attempt <= 0 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(LongestDelay.Ticks, FirstDelay.Ticks << Math.Min(attempt - 1, 10)));
}
