using System.Text.Json.Nodes;

namespace ChitChatz.Tests.Docs.AsyncApi;

/// <summary>An operation of the document.</summary>
internal sealed class WireOperation(AsyncApiDocument document, string key, JsonObject operation)
{
    private const string InChannel = "#/channels/chat/messages/";

    public string Key => key;

    /// <summary>Whether a client begins it.</summary>
    public bool IsReceive => (string)operation["action"]! == "receive";

    /// <summary>Keys of the channel's messages.</summary>
    public string[] Messages { get; } = Keys(operation);

    /// <summary>Keys of those that may answer.</summary>
    public string[] Replies { get; } = operation["reply"] is JsonObject reply ? Keys(reply) : [];

    /// <summary>The codes that may answer, beside those that may answer any frame.</summary>
    public string[] Errors { get; } = [.. operation["x-errors"]?.AsArray().Select(static code => (string)code!) ?? []];

    /// <summary>The event that begins it.</summary>
    public string Event => document.Messages[Assert.Single(Messages)].Event;

    private static string[] Keys(JsonObject owner) =>
        [.. owner["messages"]!.AsArray().Select(static reference => (string)reference!["$ref"]! is var target && target.StartsWith(InChannel, StringComparison.Ordinal)
            ? target[InChannel.Length..]
            : throw new InvalidDataException($"{target} is no message of the channel."))];
}
