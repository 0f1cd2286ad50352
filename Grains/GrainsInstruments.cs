using System.Diagnostics.Metrics;

namespace ChitChatz.Grains;

/// <summary>What the grains of a silo count. No tags: names of rooms and users would have no bound.</summary>
internal sealed class GrainsInstruments
{
    public const string MeterName = "ChitChatz.Grains";

    private static readonly InstrumentAdvice<int> s_batches = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] };

    private readonly UpDownCounter<long> _rooms;
    private readonly UpDownCounter<long> _members;
    private readonly Counter<long> _appended;
    private readonly Histogram<int> _batches;
    private readonly Counter<long> _fenced;
    private readonly Counter<long> _forgotten;
    private readonly Counter<long> _pushFailures;

    public GrainsInstruments(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _rooms = meter.CreateUpDownCounter<long>("chitchatz.rooms.active", "{room}", "Rooms that are active on this silo");
        _members = meter.CreateUpDownCounter<long>("chitchatz.rooms.members", "{member}", "Connections in the rooms of this silo");
        _appended = meter.CreateCounter<long>("chitchatz.messages.appended", "{message}", "Messages committed to the log");
        _batches = meter.CreateHistogram<int>("chitchatz.append.batch", "{message}", "Messages in one append of one room", tags: null, s_batches);
        _fenced = meter.CreateCounter<long>("chitchatz.rooms.fenced", "{room}", "Activations that found another one ahead of them in the log");
        _forgotten = meter.CreateCounter<long>("chitchatz.rooms.forgotten", "{room}", "Rooms that were forgotten when their last member had left");
        _pushFailures = meter.CreateCounter<long>("chitchatz.push.failures", "{item}", "Items that were not put into a gateway's inbox");

        // From nothing, so that the first event has a rate.
        foreach (Counter<long> counter in new[] { _appended, _fenced, _forgotten, _pushFailures })
            counter.Add(0);
        _rooms.Add(0);
        _members.Add(0);
    }

    public void RoomOpened() => _rooms.Add(1);

    public void RoomClosed() => _rooms.Add(-1);

    public void MembersChanged(int by)
    {
        if (by != 0)
            _members.Add(by);
    }

    public void Appended(int messages)
    {
        _appended.Add(messages);
        _batches.Record(messages);
    }

    public void Forgotten() => _forgotten.Add(1);

    public void Fenced() => _fenced.Add(1);

    public void PushFailed() => _pushFailures.Add(1);
}
