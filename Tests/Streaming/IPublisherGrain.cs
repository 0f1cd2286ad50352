using Orleans;
using Orleans.Runtime;

namespace ChitChatz.Tests.Streaming;

public interface IPublisherGrain : IGrainWithStringKey
{
    /// <summary>The silo that this activation lives in.</summary>
    Task<SiloAddress> Where();

    /// <summary>Publishes numbers 0 to count - 1, one OnNextAsync each.</summary>
    Task Publish(StreamId stream, int count, int first = 0);

    /// <summary>Subscribes the grain to a stream; what it receives it publishes on the other.</summary>
    Task Relay(StreamId from, StreamId to);

    /// <summary>At its deactivation the grain publishes, and waits until that was delivered.</summary>
    Task PublishWhenDeactivated(StreamId stream, int count);
}
