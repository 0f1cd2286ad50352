using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using ChitChatz.Benchmarks.Wires;

namespace ChitChatz.Benchmarks.Sockets;

/// <summary>
/// A masked text frame of RFC 6455, made once. A message's frame is used again and again: only the text's first bytes
/// change, and they are masked as they are written.
/// </summary>
internal sealed class ClientFrame
{
    // A constant key is fine here (its purpose is to protect proxies from browsers), and not zero, so that the server has
    // to unmask as it would for anybody.
    private const uint Mask = 0x3d21fa37;

    private readonly int _text;

    private ClientFrame(byte opcode, ReadOnlySpan<byte> payload, int textOffset)
    {
        var extended = payload.Length > 125;
        var header = extended ? 8 : 6;
        Bytes = new byte[header + payload.Length];
        Bytes[0] = (byte)(0x80 | opcode);
        Bytes[1] = (byte)(0x80 | (extended ? 126 : payload.Length));
        if (extended)
            BinaryPrimitives.WriteUInt16BigEndian(Bytes.AsSpan(2), checked((ushort)payload.Length));

        BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(header - 4), Mask);
        for (var i = 0; i < payload.Length; i++)
            Bytes[header + i] = (byte)(payload[i] ^ Mask >> 8 * (i & 3));

        _text = header + textOffset;
        TextMask = BitOperations.RotateRight(Mask, 8 * (textOffset & 3));
    }

    /// <summary>The whole frame, ready for the socket.</summary>
    public byte[] Bytes { get; }

    private uint TextMask { get; }

    public static ClientFrame Text(string payload) => new(0x1, Encoding.UTF8.GetBytes(payload), 0);

    /// <summary>A message, its text between these two; ASCII.</summary>
    public static ClientFrame Message(string before, string after) =>
        new(0x1, Encoding.ASCII.GetBytes(before + new string('x', MessageText.Length) + after), before.Length);

    public static ClientFrame Pong(ReadOnlySpan<byte> payload) => new(0xA, payload, 0);

    /// <summary>Close with code 1000.</summary>
    public static ClientFrame Close() => new(0x8, [0x03, 0xE8], 0);

    /// <summary>Puts the next text into a message's frame.</summary>
    public void SetText(int sender, uint sequence, long sentAt) =>
        MessageText.Write(Bytes.AsSpan(_text, MessageText.Length), TextMask, sender, sequence, sentAt);
}
