using System.Text.Json;

namespace ChitChatz.Benchmarks.Bare;

/// <summary>A client's frame: <c>{ "event": ..., "name" | "room" | "data": ..., "jwt": ... }</c>.</summary>
/// <param name="Event">What it wants.</param>
/// <param name="Text">Its one field: the name, the room or the text.</param>
/// <param name="Jwt">Its token; null when it has none or <paramref name="SameJwt"/> is true.</param>
/// <param name="SameJwt">Its token has the bytes of the one checked before.</param>
internal readonly record struct Frame(string Event, string Text, string? Jwt, bool SameJwt)
{
    // Those of version 1; known ones are not made into new strings.
    private static readonly string[] s_events = ["message", "register", "join_room", "leave_room"];

    public static Frame Read(ReadOnlySpan<byte> json, ReadOnlySpan<byte> known)
    {
        var (kind, text, same) = ("", "", false);
        string? jwt = null;
        Utf8JsonReader reader = new(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;

            if (reader.ValueTextEquals("event"u8))
            {
                reader.Read();
                foreach (var one in s_events)
                    kind = reader.ValueTextEquals(one) ? one : kind;
            }
            else if (reader.ValueTextEquals("jwt"u8))
            {
                reader.Read();
                same = !known.IsEmpty && reader.ValueTextEquals(known);
                jwt = same ? null : reader.GetString();
            }
            else if (reader.ValueTextEquals("data"u8) || reader.ValueTextEquals("name"u8) || reader.ValueTextEquals("room"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                    text = reader.GetString()!;
            }
        }

        return new Frame(kind, text, jwt, same);
    }
}
