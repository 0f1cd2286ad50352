using Orleans.Configuration;

namespace ChitChatz.Streaming;

/// <summary>
/// Settings of the push stream provider. Orleans' own defaults are made for queues outside the cluster, where a poll costs a
/// network call and a delay of seconds is fine; these are made for chat.
/// </summary>
public sealed class PushStreamOptions
{
    /// <summary>
    /// Queues per silo; default 64, 1 to 4,096. A stream that is new to a silo pauses its whole queue until its subscribers
    /// have answered, so the more queues, the fewer streams wait for a stranger. An idle queue costs no time, only its objects.
    /// </summary>
    public int QueueCount { get; set; } = 64;

    /// <summary>
    /// Items that wait in one queue; default 8,192, 16 to 1,048,576. When full the new item is dropped and counted: the
    /// publisher is never held up. Has to cover a pause of the queue (<see cref="MaxEventDeliveryTime"/>) at its usual load.
    /// An item is one OnNextAsync or one OnNextBatchAsync.
    /// </summary>
    public int QueueCapacity { get; set; } = 8_192;

    /// <summary>
    /// Items kept for the slowest subscriber of one stream; default 8,192, <see cref="BatchSize"/> to 1,048,576. When full the
    /// oldest item is evicted and counted. The agent empties its queue at once into this ring, so a burst has to fit into it;
    /// memory is taken only as it is used.
    /// </summary>
    public int StreamCacheCapacity { get; set; } = 8_192;

    /// <summary>Items in one delivery call; default 128, 1 to 1,024. Sets how much a network round trip carries under load.</summary>
    public int BatchSize { get; set; } = 128;

    /// <summary>
    /// How long an agent rests when it could not read; default 5 ms, 1 ms to 1 s. Agents wait for items and do not poll, so
    /// this is only what a stream pays that is new to the silo, and the first turn after the start.
    /// </summary>
    public TimeSpan GetQueueMessagesPeriod { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>First pause after a failed delivery; default 50 ms, 1 ms to 1 min (Orleans: 1 s). A person waits for the retry.</summary>
    public TimeSpan MinDeliveryBackoff { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest pause between attempts of a delivery; default 1 s, above the first and up to 5 min (Orleans: 30 s).</summary>
    public TimeSpan MaxDeliveryBackoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>First pause after a failed read of a queue; default 50 ms, 1 ms to 1 min (Orleans: 10 s). The queue is memory: it does not need sparing.</summary>
    public TimeSpan MinQueueReadBackoff { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest pause between reads that fail; default 500 ms, above the first and up to 5 min (Orleans: 20 s).</summary>
    public TimeSpan MaxQueueReadBackoff { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// When a delivery, or the handshake with a subscriber, is given up; default 3 s, 100 ms to 5 min (Orleans: 1 min). As long
    /// as it lasts a stream that is new to the silo pauses its queue, and a dead subscriber never answers. One attempt lasts up
    /// to the silo's own ResponseTimeout, which should not be longer than this.
    /// </summary>
    public TimeSpan MaxEventDeliveryTime { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long a stopping silo waits for its queues to run empty, before it stops its grains and again before it stops the
    /// agents; default 1 s, 0 to 1 min. Grains that must be sure wait themselves: see <see cref="IPushQueues"/>.
    /// </summary>
    public TimeSpan StopDrainTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>What is wrong with the values, one sentence each, starting with the setting's name.</summary>
    public IEnumerable<string> Failures()
    {
        foreach (string? failure in new[]
        {
            Check(nameof(QueueCount), QueueCount, 1, 4_096),
            Check(nameof(QueueCapacity), QueueCapacity, 16, 1_048_576),
            Check(nameof(StreamCacheCapacity), StreamCacheCapacity, 1, 1_048_576),
            Check(nameof(BatchSize), BatchSize, 1, 1_024),
            Check(nameof(GetQueueMessagesPeriod), GetQueueMessagesPeriod, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1)),
            Check(nameof(MinDeliveryBackoff), MinDeliveryBackoff, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
            Check(nameof(MaxDeliveryBackoff), MaxDeliveryBackoff, TimeSpan.FromMilliseconds(2), TimeSpan.FromMinutes(5)),
            Check(nameof(MinQueueReadBackoff), MinQueueReadBackoff, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
            Check(nameof(MaxQueueReadBackoff), MaxQueueReadBackoff, TimeSpan.FromMilliseconds(2), TimeSpan.FromMinutes(5)),
            Check(nameof(MaxEventDeliveryTime), MaxEventDeliveryTime, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
            Check(nameof(StopDrainTime), StopDrainTime, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
            StreamCacheCapacity < BatchSize ? $"{nameof(StreamCacheCapacity)} must be at least {nameof(BatchSize)} ({BatchSize}), but is {StreamCacheCapacity}." : null,
            MaxDeliveryBackoff <= MinDeliveryBackoff ? $"{nameof(MaxDeliveryBackoff)} must be above {nameof(MinDeliveryBackoff)} ({MinDeliveryBackoff}), but is {MaxDeliveryBackoff}." : null,
            MaxQueueReadBackoff <= MinQueueReadBackoff ? $"{nameof(MaxQueueReadBackoff)} must be above {nameof(MinQueueReadBackoff)} ({MinQueueReadBackoff}), but is {MaxQueueReadBackoff}." : null,
        })
        {
            if (failure is not null)
                yield return failure;
        }
    }

    internal PushBackoff DeliveryBackoff() => new(MinDeliveryBackoff, MaxDeliveryBackoff);

    internal PushBackoff QueueReadBackoff() => new(MinQueueReadBackoff, MaxQueueReadBackoff);

    internal void ApplyTo(StreamPullingAgentOptions agent)
    {
        agent.BatchContainerBatchSize = BatchSize;
        agent.GetQueueMsgsTimerPeriod = GetQueueMessagesPeriod;
        agent.MaxEventDeliveryTime = MaxEventDeliveryTime;
    }

    private static string? Check<T>(string setting, T value, T min, T max)
        where T : IComparable<T> =>
        value.CompareTo(min) < 0 || value.CompareTo(max) > 0 ? $"{setting} must be from {min} to {max}, but is {value}." : null;
}
