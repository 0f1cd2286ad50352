using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace ChitChatz.Protocol;

internal enum EnvelopeValueKind
{
    /// <summary>Not there, or <c>null</c>.</summary>
    Absent,
    String,

    /// <summary>Only for <c>data</c>, whose members were read as fields.</summary>
    Object,

    /// <summary>A number, as spelled.</summary>
    Number,

    /// <summary>An object that is not <c>data</c>, with its braces.</summary>
    Nested,

    /// <summary>A boolean or an array.</summary>
    Other,
}

/// <summary>What one field holds: a place in the frame, decoded only when it is used.</summary>
/// <param name="Kind">The kind of value.</param>
/// <param name="Start">The first byte, inside the quotes of a string.</param>
/// <param name="Length">The length in bytes as spelled.</param>
/// <param name="Escaped">Whether the spelling has escapes.</param>
internal readonly record struct EnvelopeValue(EnvelopeValueKind Kind, int Start, int Length, bool Escaped)
{
    public static readonly EnvelopeValue Object = new(EnvelopeValueKind.Object, 0, 0, false);
    public static readonly EnvelopeValue Other = new(EnvelopeValueKind.Other, 0, 0, false);

    public bool IsString => Kind == EnvelopeValueKind.String;

    public bool IsAbsent => Kind == EnvelopeValueKind.Absent;

    public static EnvelopeValue String(ref Utf8JsonReader reader) =>
        new(EnvelopeValueKind.String, (int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, reader.ValueIsEscaped);

    public static EnvelopeValue Number(ref Utf8JsonReader reader) =>
        new(EnvelopeValueKind.Number, (int)reader.TokenStartIndex, reader.ValueSpan.Length, false);

    public static EnvelopeValue Nested(int start, int end) => new(EnvelopeValueKind.Nested, start, end - start, false);

    /// <summary>The number, if it is an integer without fraction and exponent within ±2^53, so that every client can say it.</summary>
    public bool TryInteger(ReadOnlySpan<byte> frame, out long integer)
    {
        const long Greatest = 1L << 53;
        integer = 0;
        return Kind == EnvelopeValueKind.Number
            && Utf8Parser.TryParse(frame.Slice(Start, Length), out integer, out var read)
            && read == Length
            && integer is >= -Greatest and <= Greatest;
    }

    /// <summary>The value's bytes: a part of the frame when it has no escapes, a copy when it has.</summary>
    public ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> frame)
    {
        if (!Escaped)
        {
            return frame.Slice(Start, Length);
        }

        // The reader is the one place that knows how to unescape, so it reads the string again, with its quotes.
        var reader = new Utf8JsonReader(frame.Slice(Start - 1, Length + 2));
        reader.Read();
        var copy = new byte[Length];
        return copy.AsSpan(0, reader.CopyString(copy));
    }

    /// <summary>As <see cref="Bytes(ReadOnlySpan{byte})"/>, to be kept as long as the frame is.</summary>
    public ReadOnlyMemory<byte> Bytes(ReadOnlyMemory<byte> frame) =>
        Escaped ? Bytes(frame.Span).ToArray() : frame.Slice(Start, Length);

    public string Text(ReadOnlySpan<byte> frame) => Encoding.UTF8.GetString(Bytes(frame));

    /// <summary>Whether two strings say the same, however they are spelled; other values are the same when they are spelled alike.</summary>
    public bool SameAs(in EnvelopeValue other, ReadOnlySpan<byte> frame) => Kind == other.Kind && Bytes(frame).SequenceEqual(other.Bytes(frame));
}
