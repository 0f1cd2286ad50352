using Orleans.Streams;

namespace ChitChatz.Tests.Streaming;

/// <summary>A subscriber that keeps what it gets, can be told to misbehave, and lets a test wait for a count.</summary>
internal sealed class Recorder(Func<TestItem, Task>? onItem = null) : IAsyncObserver<TestItem>
{
    private readonly Lock _lock = new();
    private readonly List<TestItem> _items = [];
    private readonly List<(Func<IReadOnlyList<TestItem>, bool> Condition, TaskCompletionSource Met)> _waiters = [];
    private readonly TaskCompletionSource<Exception> _error = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Exception> Error => _error.Task;

    public IReadOnlyList<TestItem> Items
    {
        get
        {
            lock (_lock)
                return [.. _items];
        }
    }

    public IEnumerable<int> NumbersOf(string source) => Items.Where(item => item.Source == source).Select(item => item.Number);

    public Task Count(int count) => Until(items => items.Count >= count, items => $"{items.Count} of {count} items arrived");

    public Task Until(Func<IReadOnlyList<TestItem>, bool> condition, Func<IReadOnlyList<TestItem>, string> state)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (condition(_items))
                return Task.CompletedTask;
            _waiters.Add((condition, met));
        }

        return met.Task.Meet(() => state(Items));
    }

    public async Task OnNextAsync(TestItem item, StreamSequenceToken? token = null)
    {
        if (onItem is not null)
            await onItem(item);
        lock (_lock)
        {
            _items.Add(item);
            foreach (var (_, met) in _waiters.Where(waiter => waiter.Condition(_items)))
                met.TrySetResult();
        }
    }

    public Task OnErrorAsync(Exception ex)
    {
        _error.TrySetResult(ex);
        return Task.CompletedTask;
    }

    public Task OnCompletedAsync() => Task.CompletedTask;
}
