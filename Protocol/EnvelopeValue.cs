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

    /// <summary>A number, a boolean, an array, or an object that is not <c>data</c>.</summary>
    Other,
}

/// <summary>What one field holds: a place in the frame, decoded only when it is used.</summary>
/// <param name="Kind">The kind of value.</param>
/// <param name="Start">The first byte inside the quotes.</param>
/// <param name="Length">The length in bytes as spelled.</param>
/// <param name="Escaped">Whether the spelling has escapes.</param>
internal readonly record struct EnvelopeValue(EnvelopeValueKind Kind, int Start, int Length, bool Escaped)
{
    public static readonly EnvelopeValue Object = new(EnvelopeValueKind.Object, 0, 0, false);
    public static readonly EnvelopeValue Other = new(EnvelopeValueKind.Other, 0, 0, false);

    public bool IsString => Kind == EnvelopeValueKind.String;

    public static EnvelopeValue String(ref Utf8JsonReader reader) =>
        new(EnvelopeValueKind.String, (int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, reader.ValueIsEscaped);

    /// <summary>The string's bytes: a part of the frame when it has no escapes, a copy when it has.</summary>
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

    /// <summary>Whether two strings say the same, however they are spelled.</summary>
    public bool SameAs(in EnvelopeValue other, ReadOnlySpan<byte> frame) => Bytes(frame).SequenceEqual(other.Bytes(frame));
}
