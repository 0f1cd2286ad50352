using System.Diagnostics;

namespace ChitChatz.Storage;

/// <summary>A room's append from its arrival to its outcome.</summary>
internal sealed class PendingAppend(AppendBatch batch, long arrived)
{
    private readonly TaskCompletionSource<AppendResult> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AppendBatch Batch => batch;

    /// <summary>A timestamp of the <see cref="TimeProvider"/>.</summary>
    public long Arrived => arrived;

    /// <summary>What appends, if it is sampled.</summary>
    public Activity? Trace { get; } = Activity.Current is { Recorded: true } current ? current : null;

    /// <summary>Bytes of the texts.</summary>
    public long Bytes { get; } = batch.Messages.Sum(message => (long)message.Text.Length);

    /// <summary>How often a commit of it ended unclear. Above 0 its rows may be there although nobody said so.</summary>
    public int Unclear { get; set; }

    public Task<AppendResult> Outcome => _outcome.Task;

    public void End(AppendResult result) => _outcome.TrySetResult(result);

    public void End(Exception error) => _outcome.TrySetException(error);
}
