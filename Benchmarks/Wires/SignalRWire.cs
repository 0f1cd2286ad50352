using System.Diagnostics;
using System.Text;
using ChitChatz.Benchmarks.Sockets;

namespace ChitChatz.Benchmarks.Wires;

/// <summary>
/// SignalR's JSON hub protocol over a WebSocket without negotiation
/// (https://github.com/dotnet/aspnetcore/blob/main/src/SignalR/docs/specs/HubProtocol.md). A text message holds one record or several.
/// </summary>
internal sealed class SignalRWire(IMember member) : Wire(member)
{
    private const byte End = 0x1e;
    private const string JoinId = "j";
    private const string LeaveId = "l";

    // The server closes whom it has not heard for 30 s, and a member that only listens has nothing else to say.
    private static readonly long s_pingEvery = 10 * Stopwatch.Frequency;
    private static readonly ClientFrame s_ping = Record("""{"type":6}""");

    private bool _greeted;
    private long _pinged;

    public override void Join() => Queue(Record($$"""{"type":1,"invocationId":"{{JoinId}}","target":"Join","arguments":["{{Member.Name}}","{{Member.Room}}"]}"""));

    public override void Leave() => Queue(Record($$"""{"type":1,"invocationId":"{{LeaveId}}","target":"Leave","arguments":[]}"""));

    public override void OnText(ReadOnlySpan<byte> payload, long now)
    {
        for (int end; (end = payload.IndexOf(End)) >= 0; payload = payload[(end + 1)..])
            OnRecord(payload[..end], now);

        if (!payload.IsEmpty)
            Member.OnRefused("a record without an end: " + Encoding.UTF8.GetString(payload));

        // Whatever comes is an occasion: messages, or where there are none the server's own pings.
        if (now - _pinged > s_pingEvery)
        {
            _pinged = now;
            Queue(s_ping);
        }
    }

    protected override void OnOpen()
    {
        _pinged = Stopwatch.GetTimestamp();
        Queue(Record("""{"protocol":"json","version":1}"""));
    }

    protected override ClientFrame NewMessage() => ClientFrame.Message("{\"type\":1,\"target\":\"Send\",\"arguments\":[\"", "\"]}\u001e");

    private static ClientFrame Record(string json) => ClientFrame.Text(json + (char)End);

    private void OnRecord(ReadOnlySpan<byte> record, long now)
    {
        if (record.StartsWith("{\"type\":1,"u8))
            OnMessage(record, now);
        else if (record.StartsWith("{\"type\":3,"u8))
            OnCompletion(record);
        else if (!_greeted && record.SequenceEqual("{}"u8))
            OnGreeted();
        else if (!record.SequenceEqual("{\"type\":6}"u8))
            Member.OnRefused(Encoding.UTF8.GetString(record));
    }

    private void OnGreeted()
    {
        _greeted = true;
        Join();
    }

    private void OnCompletion(ReadOnlySpan<byte> record)
    {
        if (record.IndexOf("\"error\":"u8) >= 0)
            Member.OnRefused(Encoding.UTF8.GetString(record));
        else if (record.IndexOf("\"invocationId\":\"j\""u8) >= 0)
            Member.OnJoined();
        else
            Member.OnLeft();
    }
}
