using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Connections;

/// <summary>
/// One WebSocket frame of the server, header and all, ready for the wire. A server's frames are not masked, so one frame's bytes
/// serve every member of a room.
/// </summary>
internal sealed class OutboundFrame
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_scratch;

    private OutboundFrame(byte[] bytes) => Bytes = bytes;

    /// <summary>Header and payload.</summary>
    public byte[] Bytes { get; }

    /// <summary>The trace of the message in it; null when it is not sampled, or no message.</summary>
    public FrameTrace? Trace { get; init; }

    /// <summary>A text frame, its payload written by <paramref name="write"/>.</summary>
    public static OutboundFrame Text<TState>(TState state, Action<IBufferWriter<byte>, TState> write, FrameTrace? trace = null)
    {
        ArrayBufferWriter<byte> scratch = t_scratch ??= new ArrayBufferWriter<byte>(1024);
        write(scratch, state);
        OutboundFrame frame = new(Encode(0x81, scratch.WrittenSpan)) { Trace = trace };
        scratch.ResetWrittenCount();
        if (scratch.Capacity > 256 * 1024)
        {
            // A long list of rooms was written; the next frame will be small again.
            t_scratch = null;
        }

        return frame;
    }

    /// <summary>A close frame.</summary>
    public static OutboundFrame Close(CloseCode code)
    {
        Span<byte> payload = stackalloc byte[125];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code.Status);
        int length = 2 + Encoding.UTF8.GetBytes(code.Reason, payload[2..]);
        return new OutboundFrame(Encode(0x88, payload[..length]));
    }

    private static byte[] Encode(byte first, ReadOnlySpan<byte> payload)
    {
        int header = payload.Length switch { < 126 => 2, <= ushort.MaxValue => 4, _ => 10 };
        byte[] bytes = GC.AllocateUninitializedArray<byte>(header + payload.Length);
        bytes[0] = first;
        switch (header)
        {
            case 2:
                bytes[1] = (byte)payload.Length;
                break;
            case 4:
                bytes[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)payload.Length);
                break;
            default:
                bytes[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(2), (ulong)payload.Length);
                break;
        }

        payload.CopyTo(bytes.AsSpan(header));
        return bytes;
    }
}
