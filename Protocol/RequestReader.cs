using System.Text;
using System.Text.Json;

namespace ChitChatz.Protocol;

/// <summary>Reads what version 2 adds to a frame: which version it speaks, its id, and places in a room's log.</summary>
internal static class RequestReader
{
    /// <summary>The version, and for version 2 the id. A frame of version 1 may hold anything under the names of version 2's fields.</summary>
    public static ProtocolError? Read(in Envelope envelope, ReadOnlySpan<byte> utf8, bool version2, ref ClientFrame frame)
    {
        frame = frame with { AsksForVersion2 = IsTwo(envelope.Top(EnvelopeField.V), utf8) || IsTwo(envelope.Inner(EnvelopeField.V), utf8) };
        if (!version2 && !frame.AsksForVersion2)
        {
            return null;
        }

        var error = Pick("id", envelope, EnvelopeField.Id, utf8, out var id);
        if (error is not null || id.IsAbsent)
        {
            return error;
        }

        if (!id.IsString || !IsId(id.Bytes(utf8)))
        {
            return ErrorCodes.BadRequest.Because($"Invalid input: id must be a string of 1 to {WireLimits.MaxIdLength} printable ASCII characters");
        }

        frame = frame with { Id = Encoding.ASCII.GetString(id.Bytes(utf8)) };
        return null;
    }

    /// <summary>join_room: the last message that the client has.</summary>
    public static ProtocolError? ReadAfter(in Envelope envelope, ReadOnlySpan<byte> utf8, ref ClientFrame frame)
    {
        var error = Position("after", envelope, EnvelopeField.After, utf8, needsEpoch: true, out var after);
        frame = frame with { After = after, InsideData = false };
        return error;
    }

    /// <summary>get_history: which part of the log.</summary>
    public static ProtocolError? ReadRange(in Envelope envelope, ReadOnlySpan<byte> utf8, ref ClientFrame frame)
    {
        LogPosition? before = null;
        EnvelopeValue limit = default;
        var error = Position("after", envelope, EnvelopeField.After, utf8, needsEpoch: false, out var after)
            ?? Position("before", envelope, EnvelopeField.Before, utf8, needsEpoch: false, out before)
            ?? Pick("limit", envelope, EnvelopeField.Limit, utf8, out limit);
        if (error is not null)
        {
            return error;
        }

        frame = frame with { After = after, Before = before };
        if (limit.IsAbsent)
        {
            return null;
        }

        if (!limit.TryInteger(utf8, out var count) || count is < 1 or > WireLimits.MaxHistory)
        {
            return ErrorCodes.BadRequest.Because($"Invalid input: limit must be an integer from 1 to {WireLimits.MaxHistory}");
        }

        frame = frame with { Limit = (int)count };
        return null;
    }

    private static bool IsTwo(in EnvelopeValue value, ReadOnlySpan<byte> utf8) => value.TryInteger(utf8, out var version) && version == 2;

    private static bool IsId(ReadOnlySpan<byte> id) => id.Length is > 0 and <= WireLimits.MaxIdLength && !id.ContainsAnyExceptInRange((byte)' ', (byte)'~');

    /// <summary>A field's one value, of whatever kind.</summary>
    private static ProtocolError? Pick(string field, in Envelope envelope, EnvelopeField name, ReadOnlySpan<byte> utf8, out EnvelopeValue value)
    {
        var top = envelope.Top(name);
        var inner = envelope.Inner(name);
        value = top.IsAbsent ? inner : top;
        return top.IsAbsent || inner.IsAbsent || top.SameAs(inner, utf8) ? null : ErrorCodes.BadRequest.Because($"Invalid input: {field} is given twice");
    }

    private static ProtocolError? Position(
        string field, in Envelope envelope, EnvelopeField name, ReadOnlySpan<byte> utf8, bool needsEpoch, out LogPosition? position)
    {
        position = null;
        var error = Pick(field, envelope, name, utf8, out var value);
        if (error is not null || value.IsAbsent)
        {
            return error;
        }

        if (!needsEpoch && value.TryInteger(utf8, out var seq) && seq >= 0)
        {
            position = new LogPosition(null, seq);
            return null;
        }

        if (value.Kind == EnvelopeValueKind.Nested && TryMembers(value.Bytes(utf8), out var epoch, out var number) && number is not null
            && (epoch is not null || !needsEpoch) && epoch is null or >= 0 && number >= 0)
        {
            position = new LogPosition(epoch, number.Value);
            return null;
        }

        return ErrorCodes.BadRequest.Because(needsEpoch
            ? $"Invalid input: {field} must be {{epoch, seq}}, both integers that are not negative"
            : $"Invalid input: {field} must be an integer or {{epoch, seq}}, all of them not negative");
    }

    /// <summary>Reads epoch and seq; all other members are ignored. False when one of the two is no integer, or there twice.</summary>
    private static bool TryMembers(ReadOnlySpan<byte> json, out long? epoch, out long? seq)
    {
        (epoch, seq) = (null, null);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var isEpoch = name.Equals("epoch", StringComparison.OrdinalIgnoreCase);
            var known = isEpoch || name.Equals("seq", StringComparison.OrdinalIgnoreCase);
            reader.Read();
            if (!known || reader.TokenType == JsonTokenType.Null)
            {
                reader.Skip();
                continue;
            }

            if (reader.TokenType != JsonTokenType.Number || (isEpoch ? epoch : seq) is not null
                || !EnvelopeValue.Number(ref reader).TryInteger(json, out var integer))
            {
                return false;
            }

            if (isEpoch)
            {
                epoch = integer;
            }
            else
            {
                seq = integer;
            }
        }

        return true;
    }
}
