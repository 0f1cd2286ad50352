using System.Text.Json.Nodes;

namespace ChitChatz.Tests.Docs.AsyncApi;

/// <summary>Where the document and the writer disagree about what the server sends.</summary>
internal static class ServerFindings
{
    public static IEnumerable<string> Of(AsyncApiDocument document)
    {
        Dictionary<WireMessage, List<JsonObject>> written = document.Server.ToDictionary(static message => message, static _ => new List<JsonObject>());
        foreach (var frame in WrittenFrames.All)
        {
            // A client picks by version; without one, every version that has a message for it must have one only.
            WireMessage[] fitting = [.. document.Server.Where(message => message.Schema(message.Versions[^1], closed: true).Accepts(frame))];
            if (fitting is [var one])
                written[one].Add(frame);
            else
                yield return $"The document has {fitting.Length} messages for {frame.ToJsonString()}";

            // AsyncAPI: a message is valid against one, and only one, of an operation's; so also as the document stands, not closed.
            if (document.Server.Count(message => message.Schema(message.Versions[^1], closed: false).Accepts(frame)) != 1)
                yield return $"Not one message of the document, but none or several, allow {frame.ToJsonString()}";
        }

        foreach (var finding in written.SelectMany(static pair => Fields(pair.Key, pair.Value)))
            yield return finding;
    }

    private static IEnumerable<string> Fields(WireMessage message, List<JsonObject> frames)
    {
        if (frames.Count == 0)
        {
            yield return $"Nothing writes {message.Key}.";
            yield break;
        }

        Dictionary<string, int> seen = [];
        frames.ForEach(frame => Count(frame, "", seen));
        foreach (var (path, required) in message.Schema(message.Versions[^1], closed: true).Fields())
        {
            var parent = path.Contains('.', StringComparison.Ordinal) ? path[..path.LastIndexOf('.')] : "";
            var (times, of) = (seen.GetValueOrDefault(path), seen.GetValueOrDefault(parent));
            if (times == 0)
                yield return $"Nothing writes the field {path} of {message.Key}.";
            else if (required != (times == of))
                yield return $"The field {path} of {message.Key} is {(required ? "" : "not ")}required, and written {times} times of {of}.";
        }
    }

    private static void Count(JsonNode? node, string path, Dictionary<string, int> seen)
    {
        seen[path] = seen.GetValueOrDefault(path) + 1;
        foreach (var item in node as JsonArray ?? [])
            Count(item, path + "[]", seen);
        foreach (var (name, value) in node as JsonObject ?? [])
            Count(value, path.Length == 0 ? name : $"{path}.{name}", seen);
    }
}
