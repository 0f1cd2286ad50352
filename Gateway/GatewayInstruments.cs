using System.Diagnostics.Metrics;
using ErrorCode = ChitChatz.Protocol.ErrorCode;

namespace ChitChatz.Gateway;

/// <summary>The gateway's metrics. Tags are bounded: no names of rooms or users.</summary>
internal sealed class GatewayInstruments
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "ChitChatz.Gateway";

    private readonly UpDownCounter<long> _connections;
    private readonly Counter<long> _registered;
    private readonly Counter<long> _posted;
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _slowReaders;
    private readonly Counter<long> _skips;
    private readonly Counter<long> _gaps;
    private readonly Counter<long> _gapReads;
    private readonly Counter<long> _inboxDropped;
    private readonly Counter<long> _resubscribed;

    public GatewayInstruments(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _connections = meter.CreateUpDownCounter<long>("chitchatz.gateway.connections", "{connection}", "Open WebSocket connections");
        _registered = meter.CreateCounter<long>("chitchatz.gateway.registrations", "{session}", "Sessions started");
        _posted = meter.CreateCounter<long>("chitchatz.gateway.posted", "{message}", "Drafts handed to rooms, repeated attempts included");
        _deliveries = meter.CreateCounter<long>("chitchatz.gateway.deliveries", "{frame}", "Message frames queued to members");
        _refused = meter.CreateCounter<long>("chitchatz.gateway.refused", "{frame}", "Requests answered by an error, by code");
        _slowReaders = meter.CreateCounter<long>("chitchatz.gateway.slow_readers", "{connection}", "Connections cut for reading too slowly");
        _skips = meter.CreateCounter<long>("chitchatz.gateway.skips", "{skip}", "Times that a connection of version 2 was too slow for its room, and was told of a gap");
        _gaps = meter.CreateCounter<long>("chitchatz.gateway.gaps", "{gap}", "Holes seen in a room's sequence");
        _gapReads = meter.CreateCounter<long>("chitchatz.gateway.gap_reads", "{read}", "Reads of the log to fill holes");
        _inboxDropped = meter.CreateCounter<long>("chitchatz.gateway.inbox_dropped", "{item}", "Inbox items dropped because fan-out was behind");
        _resubscribed = meter.CreateCounter<long>("chitchatz.gateway.resubscribed", "{subscription}", "Times that the inbox had to be subscribed again");
    }

    public void ConnectionOpened() => _connections.Add(1);

    public void ConnectionClosed() => _connections.Add(-1);

    public void Registered() => _registered.Add(1);

    public void Posting(int drafts) => _posted.Add(drafts);

    public void Delivered(int members) => _deliveries.Add(members);

    public void Refused(ErrorCode code) => _refused.Add(1, new KeyValuePair<string, object?>("code", code.Name));

    public void SlowReaderCut() => _slowReaders.Add(1);

    public void SlowReaderSkipped() => _skips.Add(1);

    public void GapFound() => _gaps.Add(1);

    public void GapRead() => _gapReads.Add(1);

    public void InboxDropped() => _inboxDropped.Add(1);

    public void Resubscribed() => _resubscribed.Add(1);
}
