using System.Diagnostics.Metrics;

namespace ChitChatz.Streaming;

/// <summary>The meter <c>ChitChatz.Streaming</c>. Its only tag is the provider's name.</summary>
public sealed class StreamingInstruments
{
    /// <summary>The meter's name, for exporters.</summary>
    public const string MeterName = "ChitChatz.Streaming";

    /// <summary>Creates the instruments.</summary>
    public StreamingInstruments(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        Meter meter = meters.Create(MeterName);
        Published = meter.CreateCounter<long>("chitchatz.streaming.published", "{item}", "Items put into a queue.");
        Dropped = meter.CreateCounter<long>("chitchatz.streaming.dropped", "{item}", "Items lost because a queue was full.");
        Evicted = meter.CreateCounter<long>("chitchatz.streaming.evicted", "{item}", "Items that a slow subscriber lost.");
        DeliveredBatches = meter.CreateCounter<long>("chitchatz.streaming.delivered.batches", "{batch}", "Delivery calls that succeeded.");
        DeliveredItems = meter.CreateCounter<long>("chitchatz.streaming.delivered.items", "{item}", "Items in delivery calls that succeeded.");
        Failed = meter.CreateCounter<long>("chitchatz.streaming.failed", "{batch}", "Deliveries and handshakes that were given up.");
    }

    internal Counter<long> Published { get; }

    internal Counter<long> Dropped { get; }

    internal Counter<long> Evicted { get; }

    internal Counter<long> DeliveredBatches { get; }

    internal Counter<long> DeliveredItems { get; }

    internal Counter<long> Failed { get; }

    internal StreamingCounters For(string provider)
    {
        // From nothing, so that the first event has a rate.
        KeyValuePair<string, object?> tag = new("provider", provider);
        foreach (Counter<long> counter in new[] { Published, Dropped, Evicted, DeliveredBatches, DeliveredItems, Failed })
            counter.Add(0, tag);
        return new StreamingCounters(this, tag);
    }
}
