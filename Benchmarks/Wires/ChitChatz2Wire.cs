using System.Globalization;
using System.Text;
using System.Text.Json;
using ChitChatz.Benchmarks.Sockets;

namespace ChitChatz.Benchmarks.Wires;

/// <summary>
/// Version 2 of ChitChatz: remembers where it stood in the room's log, and comes back on a further connection by its token alone, for
/// what it has missed since; and reads the log page by page.
/// </summary>
internal sealed class ChitChatz2Wire(IMember member) : ChitChatzWire(member)
{
    private string? _after;

    public override void Join() => Queue(ClientFrame.Text(
        $$"""{"event":"join_room","room":"{{Member.Room}}","v":2,"jwt":"{{Token}}"{{(_after is null ? "" : ",\"after\":" + _after)}}}"""));

    /// <summary>Asks for a page of the room's log.</summary>
    /// <param name="before">The place that it ends below; null for the newest.</param>
    public void GetHistory(long? before) => Queue(ClientFrame.Text(string.Create(
        CultureInfo.InvariantCulture, $$"""{"event":"get_history"{{(before is null ? "" : ",\"before\":")}}{{before}}}""")));

    public override void OnText(ReadOnlySpan<byte> payload, long now)
    {
        if (payload.StartsWith("{\"event\":\"history\""u8))
            Member.OnHistory(payload, now);
        else
            base.OnText(payload, now);
    }

    protected override void OnOpen()
    {
        if (_after is null)
            Queue(ClientFrame.Text($$"""{"event":"register","name":"{{Member.Name}}","v":2}"""));
        else
            Join();
    }

    protected override void OnRegister(ReadOnlySpan<byte> json)
    {
        var answer = JsonElement.Parse(json).GetProperty("data"u8);
        if (answer.TryGetProperty("epoch"u8, out var epoch))
        {
            if (_after is not null && !answer.GetProperty("recovered"u8).GetBoolean())
                Member.OnRefused("not recovered: " + Encoding.UTF8.GetString(json));

            _after ??= string.Create(CultureInfo.InvariantCulture, $$"""{"epoch":{{epoch.GetInt64()}},"seq":{{answer.GetProperty("head"u8).GetInt64()}}}""");
        }

        base.OnRegister(json);
    }
}
