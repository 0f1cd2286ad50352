using System.Collections.Concurrent;

namespace ChitChatz.Storage.Sqlite;

/// <summary>
/// A thread for work that blocks in the disk for milliseconds, so that no thread of the pool, which the grains share, does.
/// It ends with <see cref="DisposeAsync"/>, after the work that was given before.
/// </summary>
internal sealed class DedicatedThread : IAsyncDisposable
{
    // Bounded by its users: the log's one writer, its opening and its closing.
    private readonly BlockingCollection<Action> _work = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DedicatedThread(string name) => new Thread(Run) { Name = name, IsBackground = true }.Start();

    /// <summary>Runs work after what was given before.</summary>
    /// <param name="work">What blocks.</param>
    /// <param name="goOnHere">
    /// Whether the caller goes on in this thread, until it waits again: then its next work does not queue behind everything that waits for the pool. What it
    /// does there holds up the disk, so it must be short and not block.
    /// </param>
    public Task<T> RunAsync<T>(Func<T> work, bool goOnHere = false)
    {
        var done = new TaskCompletionSource<T>(goOnHere ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _work.CompleteAdding();
        await _ended.Task;
    }

    private void Run()
    {
        foreach (var work in _work.GetConsumingEnumerable())
            work();
        _ended.SetResult();
    }
}
