using System.Buffers.Binary;

namespace ChitChatz.Benchmarks.Sockets;

/// <summary>One frame as it lies in the read buffer. A server's frames are not masked.</summary>
internal readonly ref struct ServerFrame
{
    public const byte WholeText = 0x81;
    public const byte FirstOfText = 0x01;
    public const byte Continuation = 0x00;
    public const byte LastContinuation = 0x80;
    public const byte Close = 0x88;
    public const byte Ping = 0x89;

    private ServerFrame(byte first, ReadOnlySpan<byte> payload, int length)
    {
        First = first;
        Payload = payload;
        Length = length;
    }

    /// <summary>FIN and opcode.</summary>
    public byte First { get; }

    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Of the whole frame, with its header.</summary>
    public int Length { get; }

    /// <summary>The first frame in these bytes; false if it is not all there yet.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ServerFrame frame)
    {
        frame = default;
        if (bytes.Length < 2)
            return false;

        var (header, payload) = (2, (long)bytes[1]);
        if (payload >= 126)
        {
            header = payload == 126 ? 4 : 10;
            if (bytes.Length < header)
                return false;

            payload = header == 4 ? BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) : BinaryPrimitives.ReadInt64BigEndian(bytes[2..]);
        }

        if (bytes.Length - header < payload)
            return false;

        frame = new ServerFrame(bytes[0], bytes.Slice(header, (int)payload), header + (int)payload);
        return true;
    }
}
