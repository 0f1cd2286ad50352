using System.Text.Json.Nodes;

namespace ChitChatz.Tests.Docs.AsyncApi;

/// <summary>A message of the document, its references resolved.</summary>
internal sealed class WireMessage(string key, JsonObject message)
{
    private static readonly int[] All = [1, 2];

    private readonly Dictionary<(int, bool), WireSchema> _schemas = [];

    public string Key => key;

    /// <summary>The value of <c>event</c>.</summary>
    public string Event => (string)message["name"]!;

    public JsonObject Payload => message["payload"]!.AsObject();

    public JsonObject[] Examples => [.. message["examples"]?.AsArray().Select(static example => example!["payload"]!.AsObject()) ?? []];

    /// <summary>The versions of the protocol that have it.</summary>
    public int[] Versions => [.. All.Where(IsOf)];

    public bool IsOf(int version) => WireSchema.IsOf(message, version);

    /// <summary>The schema of its payload in one version of the protocol; closed, it refuses fields that are not in it.</summary>
    public WireSchema Schema(int version, bool closed) =>
        _schemas.TryGetValue((version, closed), out var schema) ? schema : _schemas[(version, closed)] = WireSchema.Of(Payload, version, closed);
}
