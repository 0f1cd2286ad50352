using System.Text.Json.Nodes;

namespace ChitChatz.Tests.Docs.AsyncApi;

/// <summary>Where the document and the reader disagree about what a client sends. Each finding is a line for people.</summary>
internal static class ClientFindings
{
    // The reader is more generous: any v that is not 2 means version 1, and names meet their rules later.
    private static readonly string[] CheckedElsewhere = ["v", "name", "username", "room", "room_name", "roomid"];

    public static IEnumerable<string> Of(AsyncApiDocument document) => Events(document).Concat(Fields(document)).Concat(Values(document));

    private static IEnumerable<string> Events(AsyncApiDocument document)
    {
        foreach (var version in new[] { 1, 2 })
        {
            var known = ReaderProbe.Events(version);
            var documented = document.Client.Where(message => message.IsOf(version)).Select(static message => message.Event).ToArray();
            foreach (var name in known.Except(documented))
                yield return $"The reader knows {name} in version {version}, and the document does not.";
            foreach (var name in documented.Except(known))
                yield return $"The document has {name} in version {version}, which the reader does not know.";
        }
    }

    private static IEnumerable<string> Fields(AsyncApiDocument document)
    {
        var names = ReaderProbe.Names(document);
        foreach (var (message, version) in Each(document))
        {
            var read = ReaderProbe.Fields(Examples(message, version), names, version);
            HashSet<string> documented =
            [
                .. message.Schema(version, closed: false).Fields().Select(static field => ReaderProbe.Folded(field.Path))
                    .Where(static path => !path.Contains('.', StringComparison.Ordinal) || (path.StartsWith("data.", StringComparison.Ordinal) && path.Count(static sign => sign == '.') == 1)),
            ];
            foreach (var field in read.Except(documented))
                yield return $"The reader reads {field} of {message.Event} in version {version}, and the document does not have it.";
            foreach (var field in documented.Except(read))
                yield return $"The document has {field} of {message.Event} in version {version}, which the reader does not read.";
        }
    }

    /// <summary>Whatever a field holds, the two accept it or refuse it together.</summary>
    private static IEnumerable<string> Values(AsyncApiDocument document)
    {
        foreach (var (message, version) in Each(document))
            foreach (var field in message.Schema(version, closed: false).Fields().Select(static field => field.Path).Where(static path => path != "event" && path.Split('.').Length <= 2))
                foreach (var frame in Examples(message, version).SelectMany(example => Variants(example, field)))
                    if (Disagreement(message, version, frame, field.Split('.')[^1]) is { } finding)
                        yield return finding;
    }

    private static IEnumerable<JsonObject> Variants(JsonObject example, string field)
    {
        var inside = field.StartsWith("data.", StringComparison.Ordinal);
        var name = inside ? field[5..] : field;
        if (inside && example["data"] is not (null or JsonObject) || name.Contains('.', StringComparison.Ordinal))
            yield break;
        foreach (var value in ReaderProbe.Values)
            yield return ReaderProbe.Changed(example, name, inside, value);
        var without = example.DeepClone().AsObject();
        (inside ? without["data"] as JsonObject : without)?.Remove(name);
        yield return without;
    }

    private static string? Disagreement(WireMessage message, int version, JsonObject frame, string field)
    {
        var refusal = ReaderProbe.Read(frame, version, out _);
        var allowed = message.Schema(version, closed: false).Accepts(frame);
        if (refusal is null && !allowed && !CheckedElsewhere.Contains(ReaderProbe.Folded(field)))
            return $"The document forbids what the reader accepts in version {version}: {frame.ToJsonString()}";
        // That one field has two values is what no schema can say.
        return refusal is not null && allowed && !refusal.Message.EndsWith("is given twice", StringComparison.Ordinal)
            ? $"The document allows what the reader refuses in version {version} ({refusal.Message}): {frame.ToJsonString()}"
            : null;
    }

    private static IEnumerable<(WireMessage Message, int Version)> Each(AsyncApiDocument document) =>
        document.Client.SelectMany(static message => message.Versions.Select(version => (message, version)));

    /// <summary>The examples that are of this version: one that asks for version 2 is none of version 1.</summary>
    private static IEnumerable<JsonObject> Examples(WireMessage message, int version) =>
        message.Examples.Where(example => version == 2 || (!example.ContainsKey("v") && !example.ContainsKey("id")));
}
