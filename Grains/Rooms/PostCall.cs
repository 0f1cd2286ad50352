using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Grains.Rooms;

/// <summary>One call of Post that waits until each of its drafts has an outcome.</summary>
internal sealed class PostCall(int drafts)
{
    // Asynchronously: the answers of a batch go out after the room has finished its turn.
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open = drafts;

    public PostResult[] Results { get; } = new PostResult[drafts];

    public Task Done => _open == 0 ? Task.CompletedTask : _done.Task;

    public void Set(int index, PostResult result)
    {
        Results[index] = result;
        if (--_open == 0)
            _done.SetResult();
    }
}
