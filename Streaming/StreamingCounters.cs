namespace ChitChatz.Streaming;

/// <summary>The instruments as one provider counts with them.</summary>
internal sealed class StreamingCounters(StreamingInstruments instruments, KeyValuePair<string, object?> provider)
{
    public void Published() => instruments.Published.Add(1, provider);

    public void Dropped() => instruments.Dropped.Add(1, provider);

    public void Evicted(long items) => instruments.Evicted.Add(items, provider);

    public void Delivered(int items)
    {
        instruments.DeliveredBatches.Add(1, provider);
        instruments.DeliveredItems.Add(items, provider);
    }

    public void Failed() => instruments.Failed.Add(1, provider);
}
