using System.Text.Json.Nodes;
using Json.Schema;

namespace ChitChatz.Tests.Docs.AsyncApi;

/// <summary>A schema of the document, without references, as one version of the protocol has it.</summary>
internal sealed class WireSchema
{
    private static readonly EvaluationOptions Options = new() { EvaluateAs = SpecVersion.Draft7 };

    private readonly JsonSchema _schema;

    private WireSchema(JsonObject json)
    {
        Json = json;
        _schema = JsonSchema.FromText(json.ToJsonString());
    }

    public JsonObject Json { get; }

    public static WireSchema Of(JsonObject schema, int version, bool closed)
    {
        var copy = schema.DeepClone().AsObject();
        Keep(copy, version, closed);
        return new WireSchema(copy);
    }

    public bool Accepts(JsonNode? value) => _schema.Evaluate(value, Options).IsValid;

    /// <summary>Whether something is not marked as another version's.</summary>
    public static bool IsOf(JsonNode? marked, int version) => (marked as JsonObject)?["x-version"] is not { } only || (int)only == version;

    /// <summary>The paths of all fields, such as <c>data.messages[].seq</c>, and whether each must be there.</summary>
    public IEnumerable<(string Path, bool Required)> Fields() => Fields(Json, "");

    private static IEnumerable<(string Path, bool Required)> Fields(JsonObject schema, string path)
    {
        HashSet<string> required = [.. schema["required"]?.AsArray().Select(static name => (string)name!) ?? []];
        foreach (var (name, value) in schema["properties"]?.AsObject() ?? [])
        {
            yield return (path + name, required.Contains(name));
            foreach (var inner in Fields(value!.AsObject(), path + name + "."))
                yield return inner;
        }

        if (schema["items"] is JsonObject items)
            foreach (var inner in Fields(items, path.TrimEnd('.') + "[]."))
                yield return inner;
    }

    private static void Keep(JsonNode? node, int version, bool closed)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
                Keep(item, version, closed);
        }

        if (node is not JsonObject schema)
            return;

        if (schema["properties"] is JsonObject properties)
        {
            foreach (var (name, _) in properties.Where(property => !IsOf(property.Value, version)).ToArray())
                properties.Remove(name);
            if (closed)
                schema["additionalProperties"] = false;
        }

        foreach (var (_, value) in schema)
            Keep(value, version, closed);
    }
}
