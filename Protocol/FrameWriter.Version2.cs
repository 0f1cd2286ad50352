using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace ChitChatz.Protocol;

/// <summary>What version 2 adds.</summary>
public static partial class FrameWriter
{
    /// <summary>register, as the answer to a join of version 2: where the room's log stands, and whether all that was missed follows.</summary>
    public static void Register(IBufferWriter<byte> output, string room, long epoch, long head, bool recovered, string jwt, string? id)
    {
        using var json = Begin(output, EventNames.Register, id);
        json.WriteStartObject("data"u8);
        json.WriteString("room"u8, room);
        json.WriteNumber("epoch"u8, epoch);
        json.WriteNumber("head"u8, head);
        json.WriteBoolean("recovered"u8, recovered);
        json.WriteEndObject();
        End(json, jwt);
    }

    /// <summary>error, as version 2 sees it: also whether the same request may succeed later, and after how long, and which request it was.</summary>
    public static void Error(IBufferWriter<byte> output, ProtocolError error, TimeSpan? retryAfter, string? id, string? jwt)
    {
        using var json = Begin(output, EventNames.Error, id);
        json.WriteStartArray("data"u8);
        json.WriteStringValue(error.Message);
        json.WriteEndArray();
        json.WriteString("code"u8, error.Code.Name);
        json.WriteBoolean("retry"u8, error.Code.Retry);
        if (retryAfter is { } wait)
        {
            json.WriteNumber("retry_after_ms"u8, Milliseconds(wait));
        }

        End(json, jwt);
    }

    /// <summary>message, as version 2 sees it.</summary>
    public static void Message(IBufferWriter<byte> output, in MessageFrame message, string? jwt)
    {
        using var json = Begin(output, EventNames.Message);
        json.WriteStartObject("data"u8);
        WriteMessage(json, message, withRoom: true);
        json.WriteEndObject();
        End(json, jwt);
    }

    /// <summary>ack: the message is durable, or was already.</summary>
    public static void Ack(IBufferWriter<byte> output, string room, long epoch, long seq, long at, bool duplicate, string id, string? jwt)
    {
        using var json = Begin(output, EventNames.Ack, id);
        json.WriteStartObject("data"u8);
        json.WriteString("room"u8, room);
        json.WriteNumber("epoch"u8, epoch);
        json.WriteNumber("seq"u8, seq);
        WriteTime(json, at);
        if (duplicate)
        {
            json.WriteBoolean("duplicate"u8, true);
        }

        json.WriteEndObject();
        End(json, jwt);
    }

    /// <summary>ack of a request that has no place in the log: typing.</summary>
    public static void Ack(IBufferWriter<byte> output, string room, string id, string? jwt)
    {
        using var json = Begin(output, EventNames.Ack, id);
        json.WriteStartObject("data"u8);
        json.WriteString("room"u8, room);
        json.WriteEndObject();
        End(json, jwt);
    }

    /// <summary>history: messages in ascending order; their room and epoch stand once.</summary>
    /// <param name="output">Where the frame goes.</param>
    /// <param name="room">The room's name.</param>
    /// <param name="epoch">The room's present epoch.</param>
    /// <param name="messages">Their own room and epoch are not written.</param>
    /// <param name="more">Whether there are more in the direction that was read: older ones, or for <c>after</c> newer ones.</param>
    /// <param name="id">The request's id.</param>
    /// <param name="jwt">A fresh token, or null.</param>
    public static void History(IBufferWriter<byte> output, string room, long epoch, IEnumerable<MessageFrame> messages, bool more, string? id, string? jwt)
    {
        using var json = Begin(output, EventNames.History, id);
        json.WriteStartObject("data"u8);
        json.WriteString("room"u8, room);
        json.WriteNumber("epoch"u8, epoch);
        json.WriteStartArray("messages"u8);
        foreach (var message in messages)
        {
            json.WriteStartObject();
            WriteMessage(json, message, withRoom: false);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("more"u8, more);
        json.WriteEndObject();
        End(json, jwt);
    }

    /// <summary>members: who is in the room, at most <see cref="WireLimits.MaxMembers"/> names of <paramref name="count"/>.</summary>
    public static void Members(IBufferWriter<byte> output, string room, int count, IEnumerable<string> names, string? id, string? jwt)
    {
        using var json = Begin(output, EventNames.Members, id);
        json.WriteStartObject("data"u8);
        json.WriteString("room"u8, room);
        json.WriteNumber("count"u8, count);
        json.WriteStartArray("members"u8);
        foreach (var name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        End(json, jwt);
    }

    /// <summary>joined: who, and how many there are now; in large rooms only how many.</summary>
    public static void Joined(IBufferWriter<byte> output, string room, string? name, int count) => WritePresence(output, EventNames.Joined, room, name, count);

    /// <summary>left: likewise.</summary>
    public static void Left(IBufferWriter<byte> output, string room, string? name, int count) => WritePresence(output, EventNames.Left, room, name, count);

    /// <summary>typing: who.</summary>
    public static void Typing(IBufferWriter<byte> output, string room, string name)
    {
        using var json = Begin(output, EventNames.Typing);
        json.WriteStartObject("data"u8);
        json.WriteString("room"u8, room);
        json.WriteString("name"u8, name);
        json.WriteEndObject();
        End(json, jwt: null);
    }

    /// <summary>gap: the messages <paramref name="from"/> to <paramref name="to"/>, both included, were skipped.</summary>
    public static void Gap(IBufferWriter<byte> output, string room, long from, long to)
    {
        using var json = Begin(output, EventNames.Gap);
        json.WriteStartObject("data"u8);
        json.WriteString("room"u8, room);
        json.WriteNumber("from"u8, from);
        json.WriteNumber("to"u8, to);
        json.WriteEndObject();
        End(json, jwt: null);
    }

    /// <summary>drain: this gateway goes away; reconnect after a random part of <paramref name="after"/>.</summary>
    public static void Drain(IBufferWriter<byte> output, TimeSpan after)
    {
        using var json = Begin(output, EventNames.Drain);
        json.WriteStartObject("data"u8);
        json.WriteNumber("after_ms"u8, Milliseconds(after));
        json.WriteEndObject();
        End(json, jwt: null);
    }

    private static void WritePresence(IBufferWriter<byte> output, string name, string room, string? who, int count)
    {
        using var json = Begin(output, name);
        json.WriteStartObject("data"u8);
        json.WriteString("room"u8, room);
        if (who is not null)
        {
            json.WriteString("name"u8, who);
        }

        json.WriteNumber("count"u8, count);
        json.WriteEndObject();
        End(json, jwt: null);
    }

    private static long Milliseconds(TimeSpan time) => (long)Math.Ceiling(time.TotalMilliseconds);

    private static void WriteMessage(Utf8JsonWriter json, in MessageFrame message, bool withRoom)
    {
        json.WriteString("from"u8, message.From);
        json.WriteString("content"u8, message.Text.Span);
        if (withRoom)
        {
            json.WriteString("room"u8, message.Room);
            json.WriteNumber("epoch"u8, message.Epoch);
        }

        json.WriteNumber("seq"u8, message.Seq);
        WriteTime(json, message.At);
        json.WriteString("user"u8, message.User);
        if (message.Id is not null)
        {
            json.WriteString("id"u8, message.Id);
        }
    }

    /// <summary>RFC 3339 in UTC with milliseconds, which is what the log keeps.</summary>
    private static void WriteTime(Utf8JsonWriter json, long at)
    {
        // The round-trip format has seven digits behind the second: "2026-11-24T16:10:35.2640000Z".
        Span<byte> text = stackalloc byte[28];
        DateTimeOffset.FromUnixTimeMilliseconds(at).UtcDateTime.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        text[23] = (byte)'Z';
        json.WriteString("at"u8, text[..24]);
    }
}
