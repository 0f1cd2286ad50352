using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Streams;

namespace ChitChatz.Streaming;

/// <summary>
/// Counts deliveries that were given up. The subscription stays, its observer is told through OnErrorAsync, and the next items
/// follow: a hole is repaired from the log, a lost subscription would have to be noticed first.
/// </summary>
internal sealed class DeliveryFailures(StreamingCounters counters, ILogger logger) : IStreamFailureHandler
{
    public bool ShouldFaultSubsriptionOnError => false;

    public Task OnDeliveryFailure(GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken? sequenceToken)
    {
        counters.Failed();
        PushStreamLog.DeliveryGivenUp(logger, streamProviderName, streamIdentity);
        return Task.CompletedTask;
    }

    public Task OnSubscriptionFailure(GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken? sequenceToken)
    {
        counters.Failed();
        PushStreamLog.HandshakeGivenUp(logger, streamProviderName, streamIdentity);
        return Task.CompletedTask;
    }
}
