using System.Diagnostics;

namespace ChitChatz.Storage;

/// <summary>The loop: gather, commit, hand out.</summary>
public sealed partial class LogWriter
{
    private async Task RunAsync()
    {
        var group = new List<PendingAppend>();
        try
        {
            while (await _queue.Reader.WaitToReadAsync(_abandon.Token))
            {
                Gather(group);
                await CommitAsync(group);
            }
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            while (_queue.Reader.TryRead(out var append))
                Abandon(append);
        }
    }

    private void Gather(List<PendingAppend> group)
    {
        group.Clear();
        int messages = 0;
        long bytes = 0;
        while (_queue.Reader.TryPeek(out var next))
        {
            messages += next.Batch.Messages.Count;
            bytes += next.Bytes;
            if (group.Count > 0 && (messages > _limits.CommitMessages || bytes > _limits.CommitBytes))
                break;
            _queue.Reader.TryRead(out _);
            group.Add(next);
        }
    }

    private async Task CommitAsync(List<PendingAppend> group)
    {
        using Activity? trace = StorageTracing.StartCommit(group);
        var began = _time.GetTimestamp();
        IReadOnlyList<AppendResult> results;
        try
        {
            results = await _log.CommitAsync([.. group.Select(append => append.Batch)], _abandon.Token);
        }
        catch (LogUnavailableException error) when (!error.OutcomeUnclear)
        {
            trace?.SetStatus(ActivityStatusCode.Error);
            _instruments.CommitFailed(outcomeUnclear: false);
            _writing.Failed(error);
            foreach (var append in group)
                End(append, AppendResult.Failed);
            return;
        }
        catch (Exception error)
        {
            // Anything but the exception of the contract comes from a bug or from being cancelled; all that is known then is that nothing is known.
            if (error is not LogUnavailableException && !_abandon.IsCancellationRequested)
                _logger.Broken(error);
            trace?.SetStatus(ActivityStatusCode.Error);
            _instruments.CommitFailed(outcomeUnclear: true);
            _writing.Failed(error);
            _logger.Unclear(group.Count);
            foreach (var append in group)
            {
                append.Unclear++;
                _ = SettleAsync(append, ifAbsent: null);
            }

            return;
        }

        _writing.Succeeded();
        _instruments.Committed(group.Sum(append => append.Batch.Messages.Count), _time.GetElapsedTime(began));
        for (var i = 0; i < group.Count; i++)
        {
            // After an unclear commit, a conflict may be one with our own rows, which came late.
            if (group[i].Unclear > 0 && results[i].Status is AppendStatus.Fenced or AppendStatus.Duplicates)
                _ = SettleAsync(group[i], results[i]);
            else
                End(group[i], results[i]);
        }
    }

    private void End(PendingAppend append, AppendResult result)
    {
        Forget(append, result.Status);
        append.End(result);
    }

    private void Abandon(PendingAppend append)
    {
        if (append.Unclear == 0)
        {
            End(append, AppendResult.Failed);
            return;
        }

        Forget(append, null);
        append.End(new LogUnavailableException("The server stops before it could be found out whether a commit happened.", outcomeUnclear: true));
    }

    // Before the outcome is told, so that whoever hears it may append again at once.
    private void Forget(PendingAppend append, AppendStatus? status)
    {
        lock (_gate)
        {
            _underWay.Remove(append.Batch.Room);
            _bytes -= append.Bytes;
            if (!_taking && _underWay.Count == 0)
                _drained.TrySetResult();
        }

        _instruments.Ended(status, _time.GetElapsedTime(append.Arrived));
    }
}
