using System.Text;
using ChitChatz.Benchmarks.Sockets;

namespace ChitChatz.Benchmarks.Wires;

/// <summary>Version 1 of ChitChatz: JSON events, a token on every frame.</summary>
internal class ChitChatzWire(IMember member) : Wire(member)
{
    private bool _registered;
    private bool _leaving;

    public override bool IsQuietAfterLeave => true;

    /// <summary>The newest token; empty before the first.</summary>
    protected string Token { get; private set; } = "";

    public override void Join() => Queue(ClientFrame.Text($$"""{"event":"join_room","room":"{{Member.Room}}","jwt":"{{Token}}"}"""));

    public override void Leave()
    {
        _leaving = true;
        Queue(ClientFrame.Text($$"""{"event":"leave_room","jwt":"{{Token}}"}"""));
    }

    public override void OnText(ReadOnlySpan<byte> payload, long now)
    {
        if (payload.StartsWith("{\"event\":\"message\""u8))
            OnMessage(payload, now);
        else if (payload.StartsWith("{\"event\":\"register\""u8))
            OnRegister(payload);
        else if (payload.StartsWith("{\"event\":\"error\""u8))
            Member.OnRefused(Encoding.UTF8.GetString(payload));
    }

    protected override void OnOpen() => Queue(ClientFrame.Text($$"""{"event":"register","name":"{{Member.Name}}"}"""));

    protected override ClientFrame NewMessage() => ClientFrame.Message("{\"event\":\"message\",\"data\":\"", $"\",\"jwt\":\"{Token}\"}}");

    /// <summary>The same answer stands for register, join_room and leave_room.</summary>
    protected virtual void OnRegister(ReadOnlySpan<byte> json)
    {
        var jwt = json[(json.IndexOf("\"jwt\":\""u8) + 7)..];
        Token = Encoding.ASCII.GetString(jwt[..jwt.IndexOf((byte)'"')]);
        ForgetMessage();
        if (!_registered)
        {
            _registered = true;
            Join();
        }
        else if (_leaving)
        {
            _leaving = false;
            Member.OnLeft();
        }
        else
        {
            Member.OnJoined();
        }
    }
}
