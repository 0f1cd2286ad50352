using System.Text;
using ChitChatz.Benchmarks.Wires;

namespace ChitChatz.Tests.Benchmarks;

/// <summary>What a server of each protocol says to a member of the load.</summary>
/// <param name="Kind">The protocol.</param>
/// <param name="Enter">From the upgrade to the room.</param>
/// <param name="Left">The answer to a leave.</param>
/// <param name="Back">The answer to a further join.</param>
/// <param name="Message">A message, with its text in the place of <c>TEXT</c>.</param>
/// <param name="Refusal">Something that no server should say.</param>
internal sealed record ScriptedWire(WireKind Kind, string[] Enter, string Left, string Back, string Message, string Refusal)
{
    private const string Registered = """{"event":"register","data":{},"jwt":"t"}""";
    private const string Refused = """{"event":"error","data":["no"]}""";
    private const string Resumed = """{"event":"register","data":{"room":"r","epoch":5,"head":12,"recovered":true},"jwt":"t"}""";

    private static readonly ScriptedWire[] s_all =
    [
        new(WireKind.ChitChatz, [Registered, Registered], Registered, Registered, """{"event":"message","data":{"from":"n","content":"TEXT"}}""", Refused),
        new(WireKind.ChitChatz2, [Registered, Resumed], Registered, Resumed, """{"event":"message","data":{"from":"n","content":"TEXT","seq":13}}""", Refused),
        new(
            WireKind.SignalR,
            ["{}\u001e", "{\"type\":3,\"invocationId\":\"j\",\"result\":null}\u001e"],
            "{\"type\":3,\"invocationId\":\"l\",\"result\":null}\u001e",
            "{\"type\":3,\"invocationId\":\"j\",\"result\":null}\u001e",
            "{\"type\":1,\"target\":\"message\",\"arguments\":[{\"from\":\"n\",\"content\":\"TEXT\"}]}\u001e",
            "{\"type\":7}\u001e"),
        new(WireKind.SocketIo, ["""0{"sid":"a"}""", """40{"sid":"b"}""", "431[]"], "432[]", "431[]", """42["message",{"from":"n","content":"TEXT"}]""", "1"),
    ];

    public static IEnumerable<string> Names => s_all.Select(static wire => wire.Kind.Name);

    public static ScriptedWire Of(string name) => s_all.Single(wire => wire.Kind.Name == name);

    /// <summary>A message as the server sends it on.</summary>
    public string MessageOf(int sender, uint sequence) => Message.Replace("TEXT", TextOf(sender, sequence), StringComparison.Ordinal);

    /// <summary>Its text.</summary>
    public static string TextOf(int sender, uint sequence)
    {
        Span<byte> text = stackalloc byte[MessageText.Length];
        text.Fill((byte)'x');
        // Without a mask, which only clients have.
        MessageText.Write(text, mask: 0, sender, sequence, sentAt: 0);
        return Encoding.ASCII.GetString(text);
    }
}
