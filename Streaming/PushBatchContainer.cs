using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace ChitChatz.Streaming;

/// <summary>
/// One published item: the events of one OnNextAsync or OnNextBatchAsync. Immutable, so that a delivery inside the process
/// hands over the reference and copies nothing.
/// </summary>
[GenerateSerializer, Immutable, Alias("chitchatz.PushBatchContainer")]
internal sealed class PushBatchContainer(StreamId streamId, long sequence, object[] events, Dictionary<string, object>? requestContext) : IBatchContainer
{
    [NonSerialized]
    private EventSequenceTokenV2? _token;

    /// <inheritdoc/>
    [Id(0)]
    public StreamId StreamId { get; } = streamId;

    /// <summary>The place in its silo's queue; ascending, from 1. Two silos give the same numbers: it orders nothing between them.</summary>
    [Id(1)]
    public long Sequence { get; } = sequence;

    [Id(2)]
    public object[] Events { get; } = events;

    [Id(3)]
    public Dictionary<string, object>? RequestContext { get; } = requestContext;

    /// <inheritdoc/>
    public StreamSequenceToken SequenceToken => _token ??= new EventSequenceTokenV2(Sequence);

    /// <inheritdoc/>
    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>()
    {
        for (int i = 0; i < Events.Length; i++)
            yield return Tuple.Create((T)Events[i], i == 0 ? SequenceToken : new EventSequenceTokenV2(Sequence, i));
    }

    /// <inheritdoc/>
    public bool ImportRequestContext()
    {
        if (RequestContext is null)
            return false;
        RequestContextExtensions.Import(RequestContext);
        return true;
    }
}
