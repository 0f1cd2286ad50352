using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using ChitChatz.Protocol;

namespace ChitChatz.Tests.Docs.AsyncApi;

/// <summary>Asks the reader itself what it reads: a field is read if what it holds changes what comes out.</summary>
internal static class ReaderProbe
{
    /// <summary>Whatever a field may hold, and what no field may.</summary>
    public static IReadOnlyList<JsonNode?> Values { get; } =
    [
        .. new[]
        {
            "\"probe\"", "\"\"", $"\"{new string('a', 64)}\"", $"\"{new string('a', 65)}\"", "\"é\"", "2", "7", "0", "100", "101", "1.5", "true", "[]", "{}",
            "9007199254740992", "9007199254740993", "{\"epoch\":1,\"seq\":1}", "{\"seq\":1}", "{\"epoch\":1}", "{\"epoch\":\"a\",\"seq\":1}",
        }.Select(static text => JsonNode.Parse(text)),
    ];

    /// <summary>All names that may be one of a field: those of the document, and those of the reader's own list however it may spell them.</summary>
    public static string[] Names(AsyncApiDocument document) =>
        [.. typeof(EventReader).Assembly.GetType("ChitChatz.Protocol.EnvelopeField", throwOnError: true)!.GetEnumNames()
            .SelectMany(static name => new[] { Folded(name), string.Concat(name.Select(static (letter, index) => index > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{letter}")).ToLowerInvariant() })
            .Concat(document.Client.SelectMany(static message => message.Schema(2, closed: false).Fields()).Select(static field => Folded(field.Path.Split('.')[^1])))
            .Distinct()];

    /// <summary>The event's names on the wire, as far as a client of this version may send them.</summary>
    public static string[] Events(int version) =>
        [.. typeof(EventNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => (string)field.GetRawConstantValue()!)
            .Where(name => Read(new JsonObject { ["event"] = name }, version, out _)?.Message.Contains("unknown event", StringComparison.Ordinal) != true)];

    /// <summary>The fields, such as <c>data.name</c>, that the reader reads of an event, found from frames that it accepts.</summary>
    public static HashSet<string> Fields(IEnumerable<JsonObject> frames, string[] names, int version)
    {
        HashSet<string> found = [];
        foreach (var frame in frames)
            foreach (var name in names)
                foreach (var inside in new[] { false, true })
                    if ((!inside || frame["data"] is null or JsonObject)
                        && Values.Any(value => Outcome(Changed(frame, name, inside, value), version) != Outcome(inside ? WithData(frame) : frame, version)))
                        found.UnionWith(inside ? ["data", "data." + name] : [name]);
        return found;
    }

    /// <summary>Null when the reader accepts a frame.</summary>
    public static ProtocolError? Read(JsonObject frame, int version, out ClientFrame read) =>
        EventReader.Read(Encoding.UTF8.GetBytes(frame.ToJsonString()), 8_000, out read, version2: version == 2);

    /// <summary>A copy with one field set, at the top or inside <c>data</c>.</summary>
    public static JsonObject Changed(JsonObject frame, string name, bool inside, JsonNode? value)
    {
        var copy = inside ? WithData(frame) : frame.DeepClone().AsObject();
        var owner = inside ? copy["data"]!.AsObject() : copy;
        if (owner.FirstOrDefault(field => Folded(field.Key) == name).Key is { } present)
            owner.Remove(present);
        owner[name] = value?.DeepClone();
        return copy;
    }

    /// <summary>Names of fields match without regard to case.</summary>
    public static string Folded(string name) => name.ToLowerInvariant();

    private static JsonObject WithData(JsonObject frame)
    {
        var copy = frame.DeepClone().AsObject();
        copy["data"] ??= new JsonObject();
        return copy;
    }

    private static string Outcome(JsonObject frame, int version)
    {
        var error = Read(frame, version, out var read);
        return error is not null
            ? error.ToString()
            : $"{read.Event} {read.AsksForVersion2} {read.Id} {read.After} {read.Before} {read.Limit} {Encoding.UTF8.GetString(read.Jwt.Span)} {read.Name} {read.Room} {Encoding.UTF8.GetString(read.Text ?? [])} {read.InsideData}";
    }
}
