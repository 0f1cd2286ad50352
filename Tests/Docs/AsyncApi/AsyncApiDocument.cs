using System.Text.Json.Nodes;

namespace ChitChatz.Tests.Docs.AsyncApi;

/// <summary>docs/asyncapi.yaml, or a changed copy of it, as the checks look at it.</summary>
internal sealed class AsyncApiDocument
{
    private AsyncApiDocument(JsonObject root)
    {
        Root = root;
        Channel = root["channels"]!.AsObject().Single().Value!.AsObject();
        Operations = [.. root["operations"]!.AsObject().Select(operation => new WireOperation(this, operation.Key, operation.Value!.AsObject()))];
        Dictionary<string, WireMessage> messages = [];
        foreach (var (key, reference) in Channel["messages"]!.AsObject())
            messages[key] = new WireMessage(key, Resolved(reference)!.AsObject());
        Messages = messages;
        Client = Of(Operations.Where(static operation => operation.IsReceive).SelectMany(static operation => operation.Messages));
        Server = Of(Operations.SelectMany(static operation => operation.IsReceive ? operation.Replies : operation.Messages));
    }

    public static AsyncApiDocument Current { get; } = new(YamlJson.Read("docs/asyncapi.yaml"));

    public JsonObject Root { get; }

    public JsonObject Channel { get; }

    public WireOperation[] Operations { get; }

    /// <summary>All messages of the channel.</summary>
    public IReadOnlyDictionary<string, WireMessage> Messages { get; }

    /// <summary>What clients send.</summary>
    public WireMessage[] Client { get; }

    /// <summary>What the server sends.</summary>
    public WireMessage[] Server { get; }

    /// <summary>A copy with one thing changed.</summary>
    public AsyncApiDocument With(Action<JsonObject> change)
    {
        var copy = Root.DeepClone().AsObject();
        change(copy);
        return new AsyncApiDocument(copy);
    }

    /// <summary>What stands at a place, such as <c>#/components/schemas/Text</c>, with every reference in it resolved.</summary>
    public JsonNode At(string pointer) => Resolved(Find(pointer))!;

    /// <summary>A copy without references.</summary>
    public JsonNode? Resolved(JsonNode? node) => node switch
    {
        JsonObject reference when reference["$ref"] is { } target => Resolved(Find((string)target!)),
        JsonObject mapping => new JsonObject(mapping.Select(entry => KeyValuePair.Create(entry.Key, Resolved(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Resolved)]),
        _ => node?.DeepClone(),
    };

    /// <summary>The server's messages that a frame is, as a client of this version may be sent them; each field must be documented.</summary>
    public WireMessage[] Fitting(JsonObject frame, int version) => [.. Server.Where(message => message.IsOf(version) && message.Schema(version, closed: true).Accepts(frame))];

    private JsonNode Find(string pointer)
    {
        JsonNode? node = Root;
        foreach (var part in pointer.Split('/').Skip(1))
            node = node?[part];
        return node ?? throw new InvalidDataException($"{pointer} is not there.");
    }

    private WireMessage[] Of(IEnumerable<string> keys) => [.. keys.Distinct().Select(key => Messages.GetValueOrDefault(key) ?? throw new InvalidDataException($"The channel has no message {key}."))];
}
