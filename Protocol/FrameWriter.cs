using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ChitChatz.Protocol;

/// <summary>Writes the server's frames as JSON text in UTF-8. Does no I/O.</summary>
public static partial class FrameWriter
{
    // Frames are never put into HTML by us, and clients set them as textContent: escaping <, &, + and letters would only
    // make them longer. Validation is off because the shapes below are fixed.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>register: the answer to register, join_room and leave_room. <c>{"event":"register","data":{},"jwt":"…"}</c></summary>
    public static void Register(IBufferWriter<byte> output, string jwt, string? id = null)
    {
        using var json = Begin(output, EventNames.Register, id);
        json.WriteStartObject("data"u8);
        json.WriteEndObject();
        End(json, jwt);
    }

    /// <summary>room: the current room's name, or null.</summary>
    public static void Room(IBufferWriter<byte> output, string? room, string? jwt = null, string? id = null)
    {
        using var json = Begin(output, EventNames.Room, id);
        json.WriteString("data"u8, room); // a null string is written as null
        End(json, jwt);
    }

    /// <summary>rooms: the list, with a fresh token where one is due.</summary>
    public static void Rooms(IBufferWriter<byte> output, IEnumerable<string> rooms, string? jwt, string? id = null)
    {
        using var json = Begin(output, EventNames.Rooms, id);
        json.WriteStartArray("data"u8);
        foreach (var room in rooms)
        {
            json.WriteStringValue(room);
        }

        json.WriteEndArray();
        End(json, jwt);
    }

    /// <summary>message, as version 1 sees it; the sender's own copy may carry a fresh token.</summary>
    /// <param name="output">Where the frame goes.</param>
    /// <param name="from">The sender's name.</param>
    /// <param name="text">The text as UTF-8; arrives byte for byte.</param>
    /// <param name="jwt">A fresh token, or null.</param>
    public static void Message(IBufferWriter<byte> output, string from, ReadOnlySpan<byte> text, string? jwt)
    {
        using var json = Begin(output, EventNames.Message);
        json.WriteStartObject("data"u8);
        json.WriteString("from"u8, from);
        json.WriteString("content"u8, text);
        json.WriteEndObject();
        End(json, jwt);
    }

    /// <summary>error: <c>data</c> is a string[] for people, <c>code</c> the stable word.</summary>
    public static void Error(IBufferWriter<byte> output, ProtocolError error, string? jwt = null)
    {
        using var json = Begin(output, EventNames.Error);
        json.WriteStartArray("data"u8);
        json.WriteStringValue(error.Message);
        json.WriteEndArray();
        json.WriteString("code"u8, error.Code.Name);
        End(json, jwt);
    }

    private static Utf8JsonWriter Begin(IBufferWriter<byte> output, string name, string? id = null)
    {
        var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        json.WriteString("event"u8, name);
        if (id is not null)
        {
            json.WriteString("id"u8, id);
        }

        return json;
    }

    private static void End(Utf8JsonWriter json, string? jwt)
    {
        if (jwt is not null)
        {
            json.WriteString("jwt"u8, jwt);
        }

        json.WriteEndObject();
        json.Flush();
    }
}
