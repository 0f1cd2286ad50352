using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ChitChatz.Protocol;

namespace ChitChatz.Client.Wire;

/// <summary>Writes the frames of a client of version 2 as JSON text in UTF-8.</summary>
internal static class Requests
{
    // The server reads JSON, not HTML: escaping letters would only make texts longer.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Register(string id, string name, string? jwt) => Write(EventNames.Register, id, (name, jwt), static (json, fields) =>
    {
        json.WriteNumber("v"u8, 2);
        json.WriteString("name"u8, fields.name);
        Jwt(json, fields.jwt);
    });

    /// <summary>With a token it is also a connection's first frame, and authenticates it.</summary>
    public static byte[] Join(string id, string room, ChatPosition? after, string? jwt) => Write(EventNames.JoinRoom, id, (room, after, jwt), static (json, fields) =>
    {
        if (fields.jwt is not null)
            json.WriteNumber("v"u8, 2);
        json.WriteString("room"u8, fields.room);
        Position(json, "after", fields.after);
        Jwt(json, fields.jwt);
    });

    public static byte[] Message(string id, string room, string text) => Write(EventNames.Message, id, (room, text), static (json, fields) =>
    {
        json.WriteString("room"u8, fields.room);
        json.WriteString("data"u8, fields.text);
    });

    public static byte[] GetHistory(string id, string room, ChatPosition? before, ChatPosition? after, int limit) =>
        Write(EventNames.GetHistory, id, (room, before, after, limit), static (json, fields) =>
        {
            json.WriteString("room"u8, fields.room);
            Position(json, "before", fields.before);
            Position(json, "after", fields.after);
            json.WriteNumber("limit"u8, fields.limit);
        });

    /// <summary>A request that says nothing more than its event, and the room where it is about one.</summary>
    public static byte[] Plain(string name, string id, string? room = null) => Write(name, id, room, static (json, room) =>
    {
        if (room is not null)
            json.WriteString("room"u8, room);
    });

    private static byte[] Write<T>(string name, string id, T fields, Action<Utf8JsonWriter, T> write)
    {
        ArrayBufferWriter<byte> output = new(256);
        using (Utf8JsonWriter json = new(output, s_options))
        {
            json.WriteStartObject();
            json.WriteString("event"u8, name);
            json.WriteString("id"u8, id);
            write(json, fields);
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static void Position(Utf8JsonWriter json, string name, ChatPosition? position)
    {
        if (position is not { } place)
            return;
        json.WriteStartObject(name);
        json.WriteNumber("epoch"u8, place.Epoch);
        json.WriteNumber("seq"u8, place.Seq);
        json.WriteEndObject();
    }

    private static void Jwt(Utf8JsonWriter json, string? jwt)
    {
        if (jwt is not null)
            json.WriteString("jwt"u8, jwt);
    }
}
