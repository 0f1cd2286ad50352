using System.Text;
using System.Text.Json;

namespace ChitChatz.Protocol;

/// <summary>The fields that some event reads. All others are ignored.</summary>
internal enum EnvelopeField
{
    Event,
    Data,
    Jwt,
    Name,
    Username,
    Room,
    RoomName,
    RoomId,
    Content,
    Text,
    Message,
    V,
    Id,
    After,
    Before,
    Limit,
}

internal static class EnvelopeFields
{
    public const int Count = (int)EnvelopeField.Limit + 1;

    // Every byte of the longest name, room_name, spelled as \uXXXX.
    private const int LongestSpelling = 9 * 6;

    /// <summary>Matches the name that the reader stands on, without regard to case.</summary>
    public static bool TryMatch(ref Utf8JsonReader reader, out EnvelopeField field)
    {
        field = default;
        if (!reader.ValueIsEscaped)
        {
            return TryMatch(reader.ValueSpan, out field);
        }

        Span<byte> name = stackalloc byte[LongestSpelling];
        return reader.ValueSpan.Length <= LongestSpelling && TryMatch(name[..reader.CopyString(name)], out field);
    }

    private static bool TryMatch(ReadOnlySpan<byte> name, out EnvelopeField field)
    {
        (var matches, field) = name.Length switch
        {
            1 => (Is(name, "v"u8), EnvelopeField.V),
            2 => (Is(name, "id"u8), EnvelopeField.Id),
            3 => (Is(name, "jwt"u8), EnvelopeField.Jwt),
            4 when Is(name, "data"u8) => (true, EnvelopeField.Data),
            4 when Is(name, "name"u8) => (true, EnvelopeField.Name),
            4 when Is(name, "room"u8) => (true, EnvelopeField.Room),
            4 => (Is(name, "text"u8), EnvelopeField.Text),
            5 when Is(name, "event"u8) => (true, EnvelopeField.Event),
            5 when Is(name, "after"u8) => (true, EnvelopeField.After),
            5 => (Is(name, "limit"u8), EnvelopeField.Limit),
            6 when Is(name, "before"u8) => (true, EnvelopeField.Before),
            6 => (Is(name, "roomid"u8), EnvelopeField.RoomId),
            7 when Is(name, "content"u8) => (true, EnvelopeField.Content),
            7 => (Is(name, "message"u8), EnvelopeField.Message),
            8 => (Is(name, "username"u8), EnvelopeField.Username),
            9 => (Is(name, "room_name"u8), EnvelopeField.RoomName),
            _ => default,
        };
        return matches;
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> field) => Ascii.EqualsIgnoreCase(name, field);
}
