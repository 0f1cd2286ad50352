namespace ChitChatz.Gateway;

/// <summary>
/// A call that is made again, and means the same, when its answer does not come soon; whichever attempt is answered first counts. An attempt
/// that was only slow is not thrown away with its answer: on a busy machine none would ever be in time.
/// </summary>
internal sealed class HedgedCall<T>(TimeProvider time)
{
    /// <summary>How many attempts are waited for. Beyond that the oldest is given up.</summary>
    private const int Most = 8;

    private readonly List<Task<T>> _underWay = [];

    /// <summary>Whether attempts are under way that nobody waits for now: each may still be carried out.</summary>
    public bool LeavesAttempts => _underWay.Count > 0;

    /// <summary>Waits for the answer to this attempt or to one before it.</summary>
    /// <exception cref="TimeoutException">None came in time.</exception>
    /// <exception cref="OperationCanceledException">It should be tried again at once.</exception>
    public async Task<T> AttemptAsync(Task<T> attempt, TimeSpan patience, CancellationToken again)
    {
        if (_underWay.Count == Most)
        {
            _underWay.RemoveAt(0);
        }

        _underWay.Add(attempt);
        Task<T> answered = await Task.WhenAny(_underWay).WaitAsync(patience, time, again);

        // When many end at once, as with the connection that they all went over, a success counts for more than failures before it.
        answered = _underWay.Find(static attempt => attempt.IsCompletedSuccessfully) ?? answered;
        _underWay.RemoveAll(static attempt => attempt.IsCompleted);
        return await answered;
    }

    /// <summary>What was asked before is not what will be asked from now on.</summary>
    public void Forget() => _underWay.Clear();
}
