namespace ChitChatz.Benchmarks.Wires;

/// <summary>
/// The 64 bytes of a text: sender's number, its sequence number and the send time, each digit a letter from A to P, then
/// padding. Fixed places instead of JSON: the reader shares its cores with the server that it measures.
/// </summary>
internal static class MessageText
{
    public const int Length = 64;
    public const int MaxSenders = 1 << (4 * SenderDigits);

    private const int SenderDigits = 4;
    private const int SequenceDigits = 8;
    private const int TimeDigits = 16;

    /// <summary>Writes a text over the masked bytes of a frame.</summary>
    /// <param name="masked">The text's place in the frame, 64 bytes.</param>
    /// <param name="mask">The key, rotated so that its lowest byte belongs to the text's first.</param>
    public static void Write(Span<byte> masked, uint mask, int sender, uint sequence, long sentAt)
    {
        Digits(masked[..SenderDigits], mask, (ulong)sender);
        Digits(masked.Slice(SenderDigits, SequenceDigits), mask, sequence);
        Digits(masked.Slice(SenderDigits + SequenceDigits, TimeDigits), mask, (ulong)sentAt);
    }

    /// <summary>Reads a text from where it begins; false if these are no such letters.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out int sender, out uint sequence, out long sentAt)
    {
        (sender, sequence, sentAt) = (0, 0, 0);
        if (text.Length < Length)
            return false;

        var foreign = 0u;
        sender = (int)Number(text[..SenderDigits], ref foreign);
        sequence = (uint)Number(text.Slice(SenderDigits, SequenceDigits), ref foreign);
        sentAt = (long)Number(text.Slice(SenderDigits + SequenceDigits, TimeDigits), ref foreign);
        return foreign == 0;
    }

    // All three fields have a multiple of four digits, so each begins with the same byte of the mask.
    private static void Digits(Span<byte> masked, uint mask, ulong value)
    {
        for (var i = masked.Length - 1; i >= 0; i--, value >>= 4)
            masked[i] = (byte)(((uint)value & 15) + 'A' ^ mask >> 8 * (i & 3));
    }

    private static ulong Number(ReadOnlySpan<byte> digits, ref uint foreign)
    {
        var value = 0ul;
        foreach (var digit in digits)
        {
            var nibble = (uint)digit - 'A';
            foreign |= nibble & ~15u;
            value = value << 4 | nibble & 15;
        }

        return value;
    }
}
