using System.Text.Json.Nodes;
using Json.Schema;

namespace ChitChatz.Tests.Docs.AsyncApi;

/// <summary>docs/asyncapi.yaml is AsyncAPI 3.0: by the official schema, and by the rules that no schema can say.</summary>
public sealed class AsyncApiSchemaTests
{
    private static readonly Lazy<JsonSchema> Official = new(static () =>
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Document.Root, "Tests/Docs/AsyncApi/Schema/asyncapi-3.0.0.json")))!;
        // Its part about Avro refers to itself in a circle, which the library refuses. No payload of ours is Avro: none may be.
        const string Avro = "http://asyncapi.com/definitions/3.0.0/avroSchema_v1.json";
        schema["definitions"]![Avro] = new JsonObject { ["$id"] = Avro, ["not"] = new JsonObject() };
        return JsonSchema.FromText(schema.ToJsonString());
    });

    private static readonly AsyncApiDocument Current = AsyncApiDocument.Current;

    [Fact]
    public void Document_WhenHeldToTheOfficialSchema_IsValid() => Assert.Empty(Failures(Current));

    [Theory]
    [InlineData("info")]
    [InlineData("asyncapi")]
    public void Document_WhenSomethingThatMustBeThereIsNot_IsInvalid(string key) => Assert.NotEmpty(Failures(Current.With(root => root.Remove(key))));

    [Fact]
    public void Document_WhenItHasAnUnknownField_IsInvalid() => Assert.NotEmpty(Failures(Current.With(static root => root["chanels"] = new JsonObject())));

    [Fact]
    public void Document_WhenASchemaOfAMessageIsNone_IsInvalid() =>
        Assert.NotEmpty(Failures(Current.With(static root => root["components"]!["schemas"]!["Text"]!["type"] = "strong")));

    [Fact]
    public void References_WhenFollowed_AreThere() => Assert.NotNull(Current.Resolved(Current.Root));

    [Fact]
    public void References_WhenOneIsBroken_AreFound() =>
        Assert.Throws<InvalidDataException>(static () => Current.With(static root => root["components"]!["schemas"]!.AsObject().Remove("At")));

    [Fact]
    public void Messages_WhenListed_AreAllUsedAndOfOneDirection()
    {
        Assert.Equal(Current.Messages.Keys.Order(), Current.Client.Concat(Current.Server).Select(static message => message.Key).Order());
        Assert.Equal(Current.Messages.Keys.Order(), Current.Root["components"]!["messages"]!.AsObject().Select(static message => message.Key).Order());
        Assert.All(Current.Messages.Values, static message => Assert.Equal(message.Event, (string?)message.Payload["properties"]!["event"]!["const"]));
    }

    [Fact]
    public void Schemas_WhenListed_AreAllUsed()
    {
        var text = Current.Root.ToJsonString();
        Assert.All(Current.Root["components"]!["schemas"]!.AsObject().Where(static schema => schema.Key != "TokenClaims"), schema => Assert.Contains($"\"#/components/schemas/{schema.Key}\"", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Versions_WhenMarked_AreThoseOfTheTags()
    {
        var marked = Current.Messages.Values.Select(static message => (message.Key, Versions: string.Join(' ', message.Versions)));
        var tagged = Current.Root["components"]!["messages"]!.AsObject().Select(static message => (message.Key, Versions: string.Join(' ', message.Value!["tags"]!.AsArray().Select(static tag => ((string)tag!["name"]!)[^1]))));
        Assert.Equal(marked.Order(), tagged.Order());
    }

    [Fact]
    public void Examples_WhenHeldToTheirSchemas_AreOfTheirMessageAlone()
    {
        foreach (var messages in new[] { Current.Client, Current.Server })
            foreach (var message in messages)
            {
                Assert.NotEmpty(message.Examples);
                Assert.All(message.Examples, example => Assert.Equal(message.Key, Assert.Single(messages, other => other.Schema(other.Versions[^1], closed: false).Accepts(example)).Key));
            }
    }

    [Fact]
    public void Examples_WhenOneIsWrong_FitNoMessage()
    {
        var changed = Current.With(static root => root["components"]!["messages"]!["gap"]!["examples"]![0]!["payload"]!["data"]!["from"] = "120");
        var gap = changed.Messages["gap"];
        Assert.False(gap.Schema(2, closed: false).Accepts(Assert.Single(gap.Examples)));
    }

    private static string[] Failures(AsyncApiDocument document)
    {
        var results = Official.Value.Evaluate(document.Root, new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true, EvaluateAs = SpecVersion.Draft7 });
        // Each place of the schema that takes a reference too says that there is none; that explains nothing.
        return results.IsValid
            ? []
            : [.. results.Details.SelectMany(static detail => (detail.Errors ?? new Dictionary<string, string>()).Values.Select(error => $"{detail.InstanceLocation}: {error}"))
                .Where(static line => !line.Contains("$ref", StringComparison.Ordinal)).Prepend("It is not valid.")];
    }
}
