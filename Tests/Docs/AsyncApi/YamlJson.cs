using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ChitChatz.Tests.Docs.AsyncApi;

/// <summary>Reads a YAML file as the JSON that it stands for. A key that is there twice is an error of the YAML library.</summary>
internal static class YamlJson
{
    public static JsonObject Read(string path)
    {
        YamlStream yaml = [];
        using StreamReader text = File.OpenText(Path.Combine(Document.Root, path));
        yaml.Load(text);
        // By way of text, so that its numbers can be asked for as any type.
        return JsonNode.Parse(Convert(Assert.Single(yaml.Documents).RootNode)!.ToJsonString())!.AsObject();
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(static entry => KeyValuePair.Create(((YamlScalarNode)entry.Key).Value!, Convert(entry.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Convert)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value!),
        YamlScalarNode text => JsonValue.Create(text.Value),
        _ => throw new InvalidDataException($"There is no JSON for {node}."),
    };

    /// <summary>YAML 1.2's core schema, as far as the document uses it.</summary>
    private static JsonValue? Plain(string value) => value switch
    {
        "null" or "" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ => JsonValue.Create(value),
    };
}
