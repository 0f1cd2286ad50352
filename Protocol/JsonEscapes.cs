using System.Globalization;
using System.Text.Json;

namespace ChitChatz.Protocol;

/// <summary>Finds escapes that stand for half a character, which the JSON reader accepts and then throws on when asked for the string.</summary>
internal static class JsonEscapes
{
    /// <summary>Whether each surrogate escape of the string or name that the reader stands on has its other half.</summary>
    public static bool AreWellFormed(ref Utf8JsonReader reader) => !reader.ValueIsEscaped || AreWellFormed(reader.ValueSpan);

    private static bool AreWellFormed(ReadOnlySpan<byte> spelled)
    {
        for (var at = spelled.IndexOf((byte)'\\'); at >= 0; at = spelled.IndexOf((byte)'\\'))
        {
            spelled = spelled[at..];
            var length = 2;
            if (TryUnit(spelled, out var unit))
            {
                length = 6;
                if (char.IsLowSurrogate(unit))
                {
                    return false;
                }

                if (char.IsHighSurrogate(unit))
                {
                    if (!TryUnit(spelled[6..], out var next) || !char.IsLowSurrogate(next))
                    {
                        return false;
                    }

                    length = 12;
                }
            }

            spelled = spelled[length..];
        }

        return true;
    }

    /// <summary>Reads <c>\uXXXX</c>, whose digits the JSON reader has checked.</summary>
    private static bool TryUnit(ReadOnlySpan<byte> spelled, out char unit)
    {
        unit = default;
        if (!spelled.StartsWith("\\u"u8))
        {
            return false;
        }

        var read = ushort.TryParse(spelled.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
        unit = (char)value;
        return read;
    }
}
