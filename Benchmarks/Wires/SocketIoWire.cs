using System.Text;
using ChitChatz.Benchmarks.Sockets;

namespace ChitChatz.Benchmarks.Wires;

/// <summary>
/// Socket.IO 5 in Engine.IO 4, over a WebSocket from the start (https://socket.io/docs/v4/socket-io-protocol/). One packet a frame: a
/// digit for Engine.IO's kind, for a message one more for Socket.IO's, then perhaps the number of an acknowledgement, then JSON.
/// </summary>
internal sealed class SocketIoWire(IMember member) : Wire(member)
{
    private static readonly ClientFrame s_connect = ClientFrame.Text("40");
    private static readonly ClientFrame s_pong = ClientFrame.Text("3");

    public override void Join() => Queue(ClientFrame.Text($$"""421["join","{{Member.Name}}","{{Member.Room}}"]"""));

    public override void Leave() => Queue(ClientFrame.Text("""422["leave"]"""));

    public override void OnText(ReadOnlySpan<byte> payload, long now)
    {
        if (payload.StartsWith("42["u8))
            OnMessage(payload, now);
        else if (payload.SequenceEqual("2"u8))
            Queue(s_pong);
        else if (payload.StartsWith("0{"u8))
            Queue(s_connect);
        else if (payload.StartsWith("40"u8))
            Join();
        else if (payload.StartsWith("431["u8))
            Member.OnJoined();
        else if (payload.StartsWith("432["u8))
            Member.OnLeft();
        else
            Member.OnRefused(Encoding.UTF8.GetString(payload));
    }

    // The server speaks first.
    protected override void OnOpen()
    {
    }

    protected override ClientFrame NewMessage() => ClientFrame.Message("42[\"message\",\"", "\"]");
}
