using System.Diagnostics.Metrics;
using ChitChatz.Gateway.Handshake;
using ErrorCode = ChitChatz.Protocol.ErrorCode;
using ErrorCodes = ChitChatz.Protocol.ErrorCodes;

namespace ChitChatz.Gateway;

/// <summary>The gateway's metrics. Tags are bounded: no names of rooms or users.</summary>
internal sealed class GatewayInstruments
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "ChitChatz.Gateway";

    // A millisecond to the 8 s after which senders are told that it failed; an attempt has 750 ms.
    private static readonly InstrumentAdvice<double> s_seconds = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1] };
    private static readonly InstrumentAdvice<int> s_members = new() { HistogramBucketBoundaries = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000] };
    private static readonly KeyValuePair<string, object?> s_answered = new("outcome", "answered");
    private static readonly KeyValuePair<string, object?> s_failed = new("outcome", "failed");

    private readonly Meter _meter;
    private readonly UpDownCounter<long> _connections;
    private readonly Counter<long> _handshakesRefused;
    private readonly Counter<long> _received;
    private readonly Histogram<int> _fanOut;
    private readonly Histogram<double> _postDuration;
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
        Meter meter = _meter = meters.Create(MeterName);
        _connections = meter.CreateUpDownCounter<long>("chitchatz.gateway.connections", "{connection}", "Open WebSocket connections");
        _registered = meter.CreateCounter<long>("chitchatz.gateway.registrations", "{session}", "Sessions started");
        _handshakesRefused = meter.CreateCounter<long>("chitchatz.gateway.handshakes.refused", "{handshake}", "Handshakes that were not let in, by reason");
        _received = meter.CreateCounter<long>("chitchatz.gateway.received", "{frame}", "Frames that came from clients");
        _fanOut = meter.CreateHistogram<int>("chitchatz.gateway.fan_out", "{member}", "Members of this gateway that a message went to", tags: null, s_members);
        _postDuration = meter.CreateHistogram<double>("chitchatz.gateway.post.duration", "s", "How long an attempt to post to a room took, until its messages were stored", tags: null, s_seconds);
        _posted = meter.CreateCounter<long>("chitchatz.gateway.posted", "{message}", "Drafts handed to rooms, repeated attempts included");
        _deliveries = meter.CreateCounter<long>("chitchatz.gateway.deliveries", "{frame}", "Message frames queued to members");
        _refused = meter.CreateCounter<long>("chitchatz.gateway.refused", "{frame}", "Errors sent to clients, by code");
        _slowReaders = meter.CreateCounter<long>("chitchatz.gateway.slow_readers", "{connection}", "Connections cut for reading too slowly");
        _skips = meter.CreateCounter<long>("chitchatz.gateway.skips", "{skip}", "Times that a connection of version 2 was too slow for its room, and was told of a gap");
        _gaps = meter.CreateCounter<long>("chitchatz.gateway.gaps", "{gap}", "Holes seen in a room's sequence");
        _gapReads = meter.CreateCounter<long>("chitchatz.gateway.gap_reads", "{read}", "Reads of the log to fill holes");
        _inboxDropped = meter.CreateCounter<long>("chitchatz.gateway.inbox_dropped", "{item}", "Inbox items dropped because fan-out was behind");
        _resubscribed = meter.CreateCounter<long>("chitchatz.gateway.resubscribed", "{subscription}", "Times that the inbox had to be subscribed again");

        // What is counted from nothing has a first event that rates see; what appears with it has none.
        foreach (Counter<long> counter in new[] { _registered, _received, _posted, _deliveries, _slowReaders, _skips, _gaps, _gapReads, _inboxDropped, _resubscribed })
            counter.Add(0);
        foreach (ErrorCode code in ErrorCodes.All)
            _refused.Add(0, Code(code));
        foreach (HandshakeRefusal reason in Enum.GetValues<HandshakeRefusal>())
            _handshakesRefused.Add(0, Reason(reason));
        _connections.Add(0);
    }

    /// <summary>What is counted when somebody asks, so that it costs nothing in between. Called once.</summary>
    /// <param name="rooms">How many rooms local connections are in.</param>
    /// <param name="queued">The bytes that wait for clients: of all connections together, and of the one with most.</param>
    public void Observe(Func<int> rooms, Func<(long All, long Most)> queued)
    {
        _meter.CreateObservableUpDownCounter("chitchatz.gateway.rooms", rooms, "{room}", "Rooms that local connections are in");
        _meter.CreateObservableUpDownCounter("chitchatz.gateway.outbound.queued", () => queued().All, "By", "Bytes that wait for clients to read them");
        _meter.CreateObservableGauge("chitchatz.gateway.outbound.queued.max", () => queued().Most, "By", "Bytes that wait for the client with most");
    }

    public void HandshakeRefused(HandshakeRefusal reason) => _handshakesRefused.Add(1, Reason(reason));

    public void ConnectionOpened() => _connections.Add(1);

    public void ConnectionClosed() => _connections.Add(-1);

    public void Registered() => _registered.Add(1);

    public void Posting(int drafts) => _posted.Add(drafts);

    public void Received() => _received.Add(1);

    public void PostAnswered(TimeSpan duration) => _postDuration.Record(duration.TotalSeconds, s_answered);

    public void PostFailed(TimeSpan duration) => _postDuration.Record(duration.TotalSeconds, s_failed);

    public void Delivered(int members)
    {
        _deliveries.Add(members);
        _fanOut.Record(members);
    }

    public void Refused(ErrorCode code) => _refused.Add(1, Code(code));

    public void SlowReaderCut() => _slowReaders.Add(1);

    public void SlowReaderSkipped() => _skips.Add(1);

    public void GapFound() => _gaps.Add(1);

    public void GapRead() => _gapReads.Add(1);

    public void InboxDropped() => _inboxDropped.Add(1);

    public void Resubscribed() => _resubscribed.Add(1);

    private static KeyValuePair<string, object?> Reason(HandshakeRefusal reason) => new("reason", reason switch
    {
        HandshakeRefusal.AddressTooFast => "address_rate",
        HandshakeRefusal.AddressTooMany => "address_connections",
        HandshakeRefusal.Full => "full",
        HandshakeRefusal.Stopping => "stopping",
        HandshakeRefusal.Origin => "origin",
        _ => "malformed",
    });

    private static KeyValuePair<string, object?> Code(ErrorCode code) => new("code", code.Name);
}
