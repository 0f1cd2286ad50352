using Orleans.Runtime;

namespace ChitChatz.Streaming;

/// <summary>
/// The queues of one provider in this silo; a keyed service under the provider's name. Publishing returns as soon as the item
/// is in memory, so a publisher that is about to go away waits here for what it left behind.
/// </summary>
public interface IPushQueues
{
    /// <summary>
    /// Waits until everything published on the stream before this call, by anybody in this silo, has been taken by its
    /// subscribers or given up (nobody subscribed, evicted, delivery failed). Later items do not prolong the wait.
    /// With a stream filter the answer can be early by one batch.
    /// </summary>
    /// <param name="stream">The stream.</param>
    /// <param name="timeout">How long to wait at most.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>False when the time was over first; what is left is still being delivered.</returns>
    Task<bool> WhenDrainedAsync(StreamId stream, TimeSpan timeout, CancellationToken cancellationToken = default);

    /// <summary>The same for all streams of the provider in this silo.</summary>
    /// <inheritdoc cref="WhenDrainedAsync(StreamId, TimeSpan, CancellationToken)"/>
    Task<bool> WhenDrainedAsync(TimeSpan timeout, CancellationToken cancellationToken = default);
}
