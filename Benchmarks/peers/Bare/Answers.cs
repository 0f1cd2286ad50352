using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ChitChatz.Benchmarks.Bare;

/// <summary>The server's frames, as JSON in UTF-8.</summary>
internal static class Answers
{
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_scratch;
    [ThreadStatic]
    private static Utf8JsonWriter? t_writer;

    public static byte[] Message(string from, string content) => Write((from, content), static (json, message) =>
    {
        json.WriteString("event"u8, "message"u8);
        json.WriteStartObject("data"u8);
        json.WriteString("from"u8, message.from);
        json.WriteString("content"u8, message.content);
        json.WriteEndObject();
    });

    public static byte[] Registered(string jwt) => Write(jwt, static (json, jwt) =>
    {
        json.WriteString("event"u8, "register"u8);
        json.WriteStartObject("data"u8);
        json.WriteEndObject();
        json.WriteString("jwt"u8, jwt);
    });

    public static byte[] Error(string why) => Write(why, static (json, why) =>
    {
        json.WriteString("event"u8, "error"u8);
        json.WriteStartArray("data"u8);
        json.WriteStringValue(why);
        json.WriteEndArray();
    });

    private static byte[] Write<T>(T state, Action<Utf8JsonWriter, T> write)
    {
        var scratch = t_scratch ??= new ArrayBufferWriter<byte>(1024);
        var json = t_writer ??= new Utf8JsonWriter(scratch, s_json);
        json.Reset(scratch);
        json.WriteStartObject();
        write(json, state);
        json.WriteEndObject();
        json.Flush();
        var frame = scratch.WrittenSpan.ToArray();
        scratch.ResetWrittenCount();
        return frame;
    }
}
