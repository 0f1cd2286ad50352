using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Docs.AsyncApi;

/// <summary>Where the document and what really went over the wire disagree.</summary>
internal static class RecordFindings
{
    public static IEnumerable<string> Of(AsyncApiDocument document, WireRecord record)
    {
        Dictionary<(ChatClient, string), WireOperation> asked = [];
        foreach (var (client, version, fromServer, frame) in record.Entries)
        {
            var name = (string)frame["event"]!;
            if (!fromServer)
            {
                if (Sent(document, frame, version) is { } wrong)
                    yield return wrong;
                if (version == 2 && (string?)frame["id"] is { } id && document.Operations.FirstOrDefault(one => one.IsReceive && one.Event == name) is { } operation)
                    asked[(client, id)] = operation;
                continue;
            }

            var fitting = document.Fitting(frame, version);
            if (fitting is not [var message])
            {
                yield return $"{fitting.Length} messages of version {version} fit what the server sent: {frame.ToJsonString()}";
                continue;
            }

            if ((string?)frame["id"] is { } answered && asked.Remove((client, answered), out var begun) && Answer(document, begun, message, frame) is { } finding)
                yield return finding;
            if ((string?)frame["jwt"] is { } jwt && !WireSchema.Of(document.At("#/components/schemas/TokenClaims").AsObject(), version, closed: true).Accepts(ChatClient.Decode(jwt)))
                yield return $"The claims are not as documented: {ChatClient.Decode(jwt).ToJsonString()}";
        }

        foreach (var ((_, id), operation) in asked)
            yield return $"The request {operation.Event} with the id {id} was not answered.";
    }

    /// <summary>What the reader takes is allowed, and what it refuses is not.</summary>
    private static string? Sent(AsyncApiDocument document, JsonObject frame, int version)
    {
        var taken = ReaderProbe.Read(frame, version, out _) is null;
        var allowed = document.Client.Count(message => message.IsOf(version) && message.Schema(version, closed: false).Accepts(frame));
        return allowed == (taken ? 1 : 0) ? null : $"{allowed} messages of version {version} allow what was {(taken ? "taken" : "refused")}: {frame.ToJsonString()}";
    }

    private static string? Answer(AsyncApiDocument document, WireOperation operation, WireMessage message, JsonObject frame)
    {
        if (!operation.Replies.Contains(message.Key))
            return $"{message.Key} answered {operation.Event}, and is none of its replies: {frame.ToJsonString()}";
        var common = document.Channel["x-errors"]!.AsArray().Select(static code => (string)code!);
        return (string?)frame["code"] is { } code && !operation.Errors.Concat(common).Contains(code)
            ? $"{code} answered {operation.Event}, and is none of its errors."
            : null;
    }
}
