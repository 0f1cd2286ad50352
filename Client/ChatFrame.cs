using System.Text;

namespace ChitChatz.Client;

/// <summary>Who sent a frame.</summary>
public enum ChatFrameDirection
{
    /// <summary>The client.</summary>
    Sent,

    /// <summary>The server.</summary>
    Received,
}

/// <summary>A frame as it goes over the wire, for traces. It may contain the client's token: do not log it as it is.</summary>
/// <param name="direction">Who sent it.</param>
/// <param name="utf8">Its JSON text in UTF-8. Valid during the call that brings it; copy what you keep.</param>
public readonly struct ChatFrame(ChatFrameDirection direction, ReadOnlyMemory<byte> utf8)
{
    /// <summary>Who sent it.</summary>
    public ChatFrameDirection Direction => direction;

    /// <summary>Its JSON text in UTF-8. Valid during the call that brings it.</summary>
    public ReadOnlyMemory<byte> Utf8 => utf8;

    /// <summary>The text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(utf8.Span);
}
