using System.Diagnostics.Metrics;

namespace ChitChatz.Client.Telemetry;

/// <summary>The meter <c>ChitChatz.Client</c>: docs/api/dotnet-client.md lists what it measures.</summary>
internal sealed class ChatClientInstruments
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "ChitChatz.Client";

    // One for all clients that were given no factory: meters of one name would be counted apart.
    private static readonly Meter s_meter = new(MeterName);

    private readonly UpDownCounter<long> _connections;
    private readonly Counter<long> _connects;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _sends;
    private readonly Counter<long> _repeats;
    private readonly Histogram<double> _duration;

    public ChatClientInstruments(IMeterFactory? meters)
    {
        var meter = meters?.Create(new MeterOptions(MeterName)) ?? s_meter;
        _connections = meter.CreateUpDownCounter<long>("chitchatz.client.connections", "{connection}", "Open connections.");
        _connects = meter.CreateCounter<long>("chitchatz.client.connects", "{attempt}", "Attempts to connect.");
        _messages = meter.CreateCounter<long>("chitchatz.client.messages", "{message}", "Messages received, each once.");
        _sends = meter.CreateCounter<long>("chitchatz.client.sends", "{message}", "Sends that have their outcome.");
        _repeats = meter.CreateCounter<long>("chitchatz.client.send.repeats", "{message}", "Sends that were tried once more.");
        _duration = meter.CreateHistogram<double>("chitchatz.client.send.duration", "s", "Time from a send to its receipt.");
    }

    public void Connected(bool succeeded)
    {
        _connects.Add(1, new KeyValuePair<string, object?>("outcome", succeeded ? "connected" : "failed"));
        if (succeeded)
            _connections.Add(1);
    }

    public void Disconnected() => _connections.Add(-1);

    public void Received(int count, bool fromLog)
    {
        if (count > 0)
            _messages.Add(count, new KeyValuePair<string, object?>("source", fromLog ? "log" : "push"));
    }

    public void Acked(TimeSpan duration)
    {
        _sends.Add(1, new KeyValuePair<string, object?>("outcome", "stored"));
        _duration.Record(duration.TotalSeconds);
    }

    public void Failed(ChatFailure failure) => _sends.Add(1, new KeyValuePair<string, object?>("outcome", failure switch
    {
        ChatFailure.Refused => "refused",
        ChatFailure.OutcomeUnknown => "unknown",
        _ => "closed",
    }));

    public void Repeated(int count)
    {
        if (count > 0)
            _repeats.Add(count);
    }
}
