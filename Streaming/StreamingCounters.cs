namespace ChitChatz.Streaming;

/// <summary>The instruments as one provider counts with them.</summary>
internal sealed class StreamingCounters(StreamingInstruments instruments, string provider)
{
    private readonly KeyValuePair<string, object?> _provider = new("provider", provider);

    public void Published() => instruments.Published.Add(1, _provider);

    public void Dropped() => instruments.Dropped.Add(1, _provider);

    public void Evicted(long items) => instruments.Evicted.Add(items, _provider);

    public void Delivered(int items)
    {
        instruments.DeliveredBatches.Add(1, _provider);
        instruments.DeliveredItems.Add(items, _provider);
    }

    public void Failed() => instruments.Failed.Add(1, _provider);
}
