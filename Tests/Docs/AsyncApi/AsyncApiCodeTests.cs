using System.Text.Json.Nodes;

namespace ChitChatz.Tests.Docs.AsyncApi;

/// <summary>docs/asyncapi.yaml and the code say the same: what the one has the other has.</summary>
public sealed class AsyncApiCodeTests
{
    private static readonly AsyncApiDocument Current = AsyncApiDocument.Current;

    /// <summary>Changes of the document that must each be found: the checks would be worth nothing if they were not.</summary>
    public static TheoryData<string> Mistakes => [.. Changes.Keys];

    private static readonly Dictionary<string, (Func<AsyncApiDocument, IEnumerable<string>> Check, Action<JsonObject> Change)> Changes = new()
    {
        ["an event of clients is missing"] = (ClientFindings.Of, static root => Drop(root, "refresh", "refreshRequest")),
        ["an event of the server is missing"] = (ServerFindings.Of, static root => Drop(root, "pushGap", "gap")),
        ["an event of version 2 is given to version 1"] = (ClientFindings.Of, static root => Message(root, "typingRequest").Remove("x-version")),
        ["a field of clients is missing"] = (ClientFindings.Of, static root => Properties(root, "RegisterRequest").Remove("username")),
        ["a field inside data is missing"] = (ClientFindings.Of, static root => Properties(root, "JoinRoomRequest", "data").Remove("roomId")),
        ["a field of clients is renamed"] = (ClientFindings.Of, static root => Rename(Properties(root, "GetHistoryRequest"), "before", "until")),
        ["a field of version 2 is given to version 1"] = (ClientFindings.Of, static root => Schema(root, "Position").Remove("x-version")),
        ["a field of clients has another type"] = (ClientFindings.Of, static root => Schema(root, "Token")["type"] = "integer"),
        ["an id may be longer"] = (ClientFindings.Of, static root => Schema(root, "RequestId")["maxLength"] = 65),
        ["a limit may be less"] = (ClientFindings.Of, static root => Schema(root, "Limit")["minimum"] = 0),
        ["a field that clients need is optional"] = (ClientFindings.Of, static root => Schema(root, "JoinRoomRequest").Remove("anyOf")),
        ["a field of the server is missing"] = (ServerFindings.Of, static root => Properties(root, "PlacedMessage", "data").Remove("user")),
        ["a field of the server is renamed"] = (ServerFindings.Of, static root => Rename(Properties(root, "Error"), "code", "reason")),
        ["a field of the server is invented"] = (ServerFindings.Of, static root => Properties(root, "History", "data")["total"] = new JsonObject()),
        ["a field of the server is always there"] = (ServerFindings.Of, static root => Schema(root, "Presence")["required"]!.AsArray().Add("name")),
        ["a field of the server may be absent"] = (ServerFindings.Of, static root => Schema(root, "Drain")["properties"]!["data"]!["required"]!.AsArray().Clear()),
        ["two messages of the server are not told apart"] = (ServerFindings.Of, static root => Schema(root, "TypingAck")["properties"]!["data"]!.AsObject().Remove("additionalProperties")),
        ["an error code is invented"] = (TableFindings.Of, static root => Errors(root)["gone"] = Errors(root)["internal"]!.DeepClone()),
        ["an error code is missing"] = (TableFindings.Of, static root => Errors(root).Remove("overloaded")),
        ["an error code is not in the enumeration"] = (TableFindings.Of, static root => Schema(root, "ErrorCode")["enum"]!.AsArray().RemoveAt(3)),
        ["an error code that is not sent is said to be"] = (TableFindings.Of, static root => Errors(root)["forbidden"]!["sent"] = true),
        ["an error may be tried again"] = (TableFindings.Of, static root => Errors(root)["bad_room"]!["retry"] = true),
        ["an error of an operation is missing"] = (TableFindings.Of, static root => root["operations"]!["message"]!["x-errors"]!.AsArray().RemoveAt(0)),
        ["a close code is invented"] = (TableFindings.Of, static root => Closes(root)["4010"] = Closes(root)["4008"]!.DeepClone()),
        ["a close code is missing"] = (TableFindings.Of, static root => Closes(root).Remove("1012")),
        ["a close code has another meaning"] = (TableFindings.Of, static root => Closes(root)["4003"]!["when"] = "Never."),
        ["a limit of the wire is another"] = (TableFindings.Of, static root => Limits(root)["wire"]!["MaxDepth"] = 9),
        ["a limit of the operator is missing"] = (TableFindings.Of, static root => Limits(root)["defaults"]!.AsObject().Remove("PingSeconds")),
        ["a limit of a schema is another"] = (TableFindings.Of, static root => Schema(root, "Text")["maxLength"] = 4000),
        ["the port is another"] = (TableFindings.Of, static root => root["servers"]!["local"]!["host"] = "localhost:8080"),
    };

    [Fact]
    public void WhatClientsSend_WhenDocumented_IsWhatTheReaderReads() => Assert.Empty(ClientFindings.Of(Current));

    [Fact]
    public void WhatTheServerSends_WhenDocumented_IsWhatTheWriterWrites() => Assert.Empty(ServerFindings.Of(Current));

    [Fact]
    public void Tables_WhenDocumented_AreThoseOfTheCode() => Assert.Empty(TableFindings.Of(Current));

    [Theory, MemberData(nameof(Mistakes))]
    public void Document_WhenItIsMistaken_IsFound(string mistake)
    {
        var (check, change) = Changes[mistake];
        Assert.NotEmpty(check(Current.With(change)));
    }

    private static JsonObject Schema(JsonObject root, string name) => root["components"]!["schemas"]![name]!.AsObject();

    private static JsonObject Message(JsonObject root, string name) => root["components"]!["messages"]![name]!.AsObject();

    private static JsonObject Properties(JsonObject root, string name, string? inside = null) =>
        (inside is null ? Schema(root, name) : Schema(root, name)["properties"]![inside]!)["properties"]!.AsObject();

    private static JsonObject Errors(JsonObject root) => Schema(root, "ErrorCode")["x-error-codes"]!.AsObject();

    private static JsonObject Closes(JsonObject root) => root["channels"]!["chat"]!["x-close-codes"]!.AsObject();

    private static JsonObject Limits(JsonObject root) => root["channels"]!["chat"]!["x-limits"]!.AsObject();

    private static void Drop(JsonObject root, string operation, string message)
    {
        root["operations"]!.AsObject().Remove(operation);
        root["channels"]!["chat"]!["messages"]!.AsObject().Remove(message);
    }

    private static void Rename(JsonObject owner, string name, string other)
    {
        var value = owner[name];
        owner.Remove(name);
        owner[other] = value;
    }
}
