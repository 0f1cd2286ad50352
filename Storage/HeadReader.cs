namespace ChitChatz.Storage;

/// <summary>
/// Reads heads, all that are asked for while one query runs with the next one. Nobody joins a query that has started: its snapshot may be
/// older than the commit that the asker knows of, and the head in a join must not be.
/// </summary>
internal sealed class HeadReader(IMessageLog log, LogHealthTracker health, int limit)
{
    private const int RoomsPerQuery = 1_024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, TaskCompletionSource<RoomHead>> _waiting = new(StringComparer.Ordinal);
    private bool _running;

    public Task<RoomHead> ReadAsync(string room)
    {
        lock (_gate)
        {
            if (_waiting.TryGetValue(room, out var shared))
                return shared.Task;
            if (_waiting.Count >= limit)
                return Task.FromException<RoomHead>(new LogUnavailableException("Too many rooms wait for their heads.", outcomeUnclear: false));

            var asked = new TaskCompletionSource<RoomHead>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add(room, asked);
            if (!_running)
            {
                _running = true;
                // Away from the caller's scheduler: it may be a grain's, and the query serves other rooms too.
                _ = Task.Run(RunAsync);
            }

            return asked.Task;
        }
    }

    private async Task RunAsync()
    {
        while (Take() is { Length: > 0 } asked)
        {
            try
            {
                var heads = await log.ReadHeadsAsync([.. asked.Select(pair => pair.Key)], CancellationToken.None);
                health.Succeeded();
                for (var i = 0; i < asked.Length; i++)
                    asked[i].Value.SetResult(heads[i]);
            }
            catch (Exception error)
            {
                var unavailable = error as LogUnavailableException ?? new LogUnavailableException("The heads cannot be read.", outcomeUnclear: false, error);
                health.Failed(unavailable);
                foreach (var (_, waiting) in asked)
                    waiting.TrySetException(unavailable);
            }
        }
    }

    private KeyValuePair<string, TaskCompletionSource<RoomHead>>[] Take()
    {
        lock (_gate)
        {
            KeyValuePair<string, TaskCompletionSource<RoomHead>>[] asked = [.. _waiting.Take(RoomsPerQuery)];
            foreach (var (room, _) in asked)
                _waiting.Remove(room);
            _running = asked.Length > 0;
            return asked;
        }
    }
}
