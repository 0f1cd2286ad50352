using System.Diagnostics;
using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Grains.Rooms;

/// <summary>One call of Post that waits until each of its drafts has an outcome.</summary>
/// <param name="drafts">How many it has.</param>
/// <param name="trace">Its span; null when it is not sampled.</param>
internal sealed class PostCall(int drafts, Activity? trace = null)
{
    // Asynchronously: the answers of a batch go out after the room has finished its turn.
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open = drafts;

    public Activity? Trace => trace;

    public PostResult[] Results { get; } = new PostResult[drafts];

    public Task Done => _open == 0 ? Task.CompletedTask : _done.Task;

    public void Set(int index, PostResult result)
    {
        Results[index] = result;
        if (--_open == 0)
            _done.SetResult();
    }
}
