using System.Text.Json;
using System.Text.Unicode;

namespace ChitChatz.Protocol;

/// <summary>One pass over a frame: is it well-formed, and where are the fields that events read?</summary>
internal readonly ref struct Envelope
{
    /// <summary>The places that a caller lends: the fields at the top level, then those inside <c>data</c>.</summary>
    public const int Places = 2 * EnvelopeFields.Count;

    private static readonly JsonReaderOptions Options = new()
    {
        MaxDepth = WireLimits.MaxDepth,
        CommentHandling = JsonCommentHandling.Disallow,
        AllowTrailingCommas = false,
    };

    private readonly Span<EnvelopeValue> top;
    private readonly Span<EnvelopeValue> inner;

    private Envelope(Span<EnvelopeValue> places)
    {
        top = places[..EnvelopeFields.Count];
        inner = places[EnvelopeFields.Count..];
    }

    /// <summary>A field at the top level.</summary>
    public EnvelopeValue Top(EnvelopeField field) => top[(int)field];

    /// <summary>A field inside <c>data</c>.</summary>
    public EnvelopeValue Inner(EnvelopeField field) => inner[(int)field];

    /// <summary>Reads a frame. False when it is not one well-formed JSON object without repeated fields.</summary>
    /// <param name="frame">The whole frame's text.</param>
    /// <param name="places">Lent by the caller's stack, <see cref="Places"/> long, cleared.</param>
    /// <param name="envelope">The fields.</param>
    public static bool TryRead(ReadOnlySpan<byte> frame, Span<EnvelopeValue> places, out Envelope envelope)
    {
        envelope = new Envelope(places);

        // The JSON reader looks inside strings only when asked for them.
        if (!Utf8.IsValid(frame))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(frame, Options);
            return reader.Read()
                && reader.TokenType == JsonTokenType.StartObject
                && TryReadMembers(ref reader, envelope.top, envelope.inner)
                && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Reads an object's members. Without <paramref name="inner"/> a member <c>data</c> is nothing special.</summary>
    private static bool TryReadMembers(ref Utf8JsonReader reader, scoped Span<EnvelopeValue> values, scoped Span<EnvelopeValue> inner)
    {
        var seen = 0;
        HashSet<string>? others = null; // Grows linearly whatever the names: the comparer's hash is seeded once they collide.
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!JsonEscapes.AreWellFormed(ref reader))
            {
                return false;
            }

            var known = EnvelopeFields.TryMatch(ref reader, out var field);
            var first = known
                ? (seen & (1 << (int)field)) == 0
                : (others ??= new(StringComparer.OrdinalIgnoreCase)).Add(reader.GetString()!);
            if (!first || !reader.Read() || !TryReadValue(ref reader, known && field == EnvelopeField.Data ? inner : default, out var value))
            {
                return false;
            }

            if (known)
            {
                seen |= 1 << (int)field;
                values[(int)field] = value;
            }
        }

        return true;
    }

    private static bool TryReadValue(ref Utf8JsonReader reader, scoped Span<EnvelopeValue> inner, out EnvelopeValue value)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                value = default;
                return true;
            case JsonTokenType.String:
                value = EnvelopeValue.String(ref reader);
                return JsonEscapes.AreWellFormed(ref reader);
            case JsonTokenType.StartObject when !inner.IsEmpty:
                value = EnvelopeValue.Object;
                return TryReadMembers(ref reader, inner, default);
            case JsonTokenType.StartObject:
                var start = (int)reader.TokenStartIndex;
                var skipped = TrySkip(ref reader);
                value = EnvelopeValue.Nested(start, (int)reader.BytesConsumed);
                return skipped;
            case JsonTokenType.StartArray:
                value = EnvelopeValue.Other;
                return TrySkip(ref reader);
            case JsonTokenType.Number:
                value = EnvelopeValue.Number(ref reader);
                return true;
            default:
                value = EnvelopeValue.Other;
                return true;
        }
    }

    private static bool TrySkip(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (!JsonEscapes.AreWellFormed(ref reader))
            {
                return false;
            }
        }

        return true;
    }
}
