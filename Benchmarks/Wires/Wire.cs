using System.Text;
using ChitChatz.Benchmarks.Sockets;

namespace ChitChatz.Benchmarks.Wires;

/// <summary>
/// One member's side of the conversation in one server's protocol: how to get in, how to speak, what the server's frames say. All of them
/// find a message's text in the same way, so that the load costs about the same whoever is measured.
/// </summary>
internal abstract class Wire(IMember member)
{
    private IOutput? _output;
    private ClientFrame? _message;

    /// <summary>Whether the server promises that nothing of a room comes after it has said that one has left.</summary>
    public virtual bool IsQuietAfterLeave => false;

    protected IMember Member => member;

    /// <summary>A connection was made and upgraded: introduces its member and goes into the room.</summary>
    public void Open(IOutput output)
    {
        _output = output;
        OnOpen();
    }

    /// <summary>Asks to be let into the room.</summary>
    public abstract void Join();

    /// <summary>Asks to be let out of the room.</summary>
    public abstract void Leave();

    /// <summary>Reads a whole text message of the server.</summary>
    public abstract void OnText(ReadOnlySpan<byte> payload, long now);

    /// <summary>Queues a message.</summary>
    public void Send(int sender, uint sequence, long sentAt)
    {
        _message ??= NewMessage();
        _message.SetText(sender, sequence, sentAt);
        Queue(_message);
    }

    protected abstract void OnOpen();

    /// <summary>The frame of a message, <see cref="MessageText.Length"/> bytes of text in it.</summary>
    protected abstract ClientFrame NewMessage();

    /// <summary>The frame of a message is made anew for the next one.</summary>
    protected void ForgetMessage() => _message = null;

    protected void Queue(ClientFrame frame) => _output!.Queue(frame.Bytes);

    /// <summary>Hands the text of a message on: all servers put it into a field of this name.</summary>
    protected void OnMessage(ReadOnlySpan<byte> json, long now)
    {
        var content = json.IndexOf("\"content\":\""u8);
        if (content < 0)
            member.OnRefused(Encoding.UTF8.GetString(json));
        else
            member.OnMessage(json[(content + 11)..], now);
    }
}
