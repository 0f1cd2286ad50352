namespace ChitChatz.Gateway.Transport;

/// <summary>
/// Counts the WebSocket frames in a client's byte stream (RFC 6455, section 5.2) without touching them. The WebSocket library
/// hides continuation frames that are empty or tiny and answers pings by itself, so neither can be limited above it.
/// Errors of framing are the library's business; after one the counts mean nothing.
/// </summary>
internal sealed class FrameMeter
{
    private ulong _payloadLeft;
    private int _headerRead;
    private int _headerLength;
    private byte _lengthCode;
    private ulong _length;
    private bool _final;
    private bool _control;

    /// <summary>How many frames the data message under way has so far, or the last one had.</summary>
    public int Fragments { get; private set; }

    /// <summary>All control frames so far: ping, pong, close.</summary>
    public long ControlFrames { get; private set; }

    private bool _messageEnded = true;

    /// <summary>Takes the next bytes of the stream.</summary>
    public void Observe(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_payloadLeft > 0)
            {
                int skip = (int)Math.Min(_payloadLeft, (ulong)bytes.Length);
                _payloadLeft -= (ulong)skip;
                bytes = bytes[skip..];
                continue;
            }

            ObserveHeaderByte(bytes[0]);
            bytes = bytes[1..];
        }
    }

    private void ObserveHeaderByte(byte value)
    {
        switch (_headerRead++)
        {
            case 0:
                _final = (value & 0x80) != 0;
                _control = (value & 0x08) != 0;
                return;

            case 1:
                _lengthCode = (byte)(value & 0x7F);
                int extended = _lengthCode switch { 126 => 2, 127 => 8, _ => 0 };
                _headerLength = 2 + extended + ((value & 0x80) != 0 ? 4 : 0);
                _length = extended == 0 ? _lengthCode : 0UL;
                break;

            default:
                int lengthBytes = _lengthCode switch { 126 => 2, 127 => 8, _ => 0 };
                if (_headerRead <= 2 + lengthBytes)
                {
                    _length = (_length << 8) | value;
                }

                break;
        }

        if (_headerRead == _headerLength)
        {
            _headerRead = 0;
            _payloadLeft = _length;
            CountFrame();
        }
    }

    private void CountFrame()
    {
        if (_control)
        {
            ControlFrames++;
            return;
        }

        Fragments = _messageEnded ? 1 : Fragments + 1;
        _messageEnded = _final;
    }
}
