using System.Threading.Channels;

namespace ChitChatz.Gateway;

/// <summary>Wakes a loop before its pause is over. Setting it many times before the loop looks wakes it once.</summary>
internal sealed class Signal(TimeProvider time)
{
    private readonly Channel<bool> _set = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Wakes the loop.</summary>
    public void Set() => _set.Writer.TryWrite(true);

    /// <summary>Waits until set, or until the pause is over. Throws when cancelled.</summary>
    public async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using ITimer timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), either, pause, Timeout.InfiniteTimeSpan);
        try
        {
            await _set.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The pause is over.
        }
    }
}
