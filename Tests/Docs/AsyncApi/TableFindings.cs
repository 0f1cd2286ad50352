using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChitChatz.Gateway.Limits;
using ChitChatz.Gateway.RoomList;
using ChitChatz.Hosting.Configuration;
using ChitChatz.Protocol;
using ErrorCode = ChitChatz.Protocol.ErrorCode; // Orleans has one too

namespace ChitChatz.Tests.Docs.AsyncApi;

/// <summary>Where the document's tables differ from those of the code, or from docs/api, which has the same sentences.</summary>
internal static partial class TableFindings
{
    /// <summary>Sent by the WebSocket library itself; Tests/Gateway/Attacks has the tests.</summary>
    private static readonly CloseCode[] OfTheLibrary = [CloseCodes.ProtocolError, CloseCodes.InvalidPayload];

    private static readonly string[] Senders = ["Protocol", "Gateway"];

    private static readonly LimitsSettings Limits = new();

    public static IEnumerable<string> Of(AsyncApiDocument document) =>
        Compare("error code", Errors(), ErrorsOf(document))
            .Concat(Compare("close code", Closes(), ClosesOf(document)))
            .Concat(Compare("error code of the enumeration", ErrorCodes.All.Select(static code => code.Name), Enumerated(document)))
            .Concat(Compare("error of an operation", ErrorsInProse(), document.Operations.Where(static operation => operation.IsReceive).SelectMany(static operation => operation.Errors.Select(code => $"{operation.Event} {code}"))))
            .Concat(Compare("error that an operation or the channel names", Sent<ErrorCode>(typeof(ErrorCodes)).Select(static code => code.Name), Named(document)))
            .Concat(Compare("limit of the wire", Constants(), Numbers(document.Channel["x-limits"]!["wire"]!)))
            .Concat(Compare("limit of the operator", Defaults(), Numbers(document.Channel["x-limits"]!["defaults"]!)))
            .Concat(Compare("limit of a schema", Places().Select(static place => $"{place.Pointer} {place.Value}"), Places().Select(place => $"{place.Pointer} {document.At(place.Pointer).ToJsonString()}")))
            .Concat(Compare("address", [new Uri(ListenUrls.Default).Authority], [(string)document.Root["servers"]!["local"]!["host"]!]));

    private static IEnumerable<string> Compare(string what, IEnumerable<string> code, IEnumerable<string> documented)
    {
        var (inCode, inDocument) = (code.ToHashSet(), documented.ToHashSet());
        return inCode.Except(inDocument).Select(row => $"The document lacks this {what}: {row}")
            .Concat(inDocument.Except(inCode).Select(row => $"The document has this {what}, and the code has not: {row}"));
    }

    private static IEnumerable<string> Errors()
    {
        var (sent, prose) = (Sent<ErrorCode>(typeof(ErrorCodes)), Document.Read("docs/api/server-api.md").Table("Error codes").ToDictionary(static row => Document.Code(row[0]), static row => row[4]));
        return ErrorCodes.All.Select(code => Row(code.Name, code.Message, code.Retry, code.Violation, sent.Contains(code), prose[code.Name]));
    }

    private static IEnumerable<string> ErrorsOf(AsyncApiDocument document) =>
        document.At("#/components/schemas/ErrorCode/x-error-codes").AsObject().Select(static row => Row(row.Key, row.Value!["text"], row.Value["retry"], row.Value["violation"], row.Value["sent"], row.Value["when"]));

    private static IEnumerable<string> Closes()
    {
        var (sent, prose) = (Sent<CloseCode>(typeof(CloseCodes)), Document.Read("docs/api/server-api.md").Table("Close codes").ToDictionary(static row => row[0], static row => row[3]));
        return CloseCodes.All.Select(code => Row(code.Status, code.Reason, code.Reconnect, sent.Contains(code) || OfTheLibrary.Contains(code), prose[$"{code.Status}"]));
    }

    private static IEnumerable<string> ClosesOf(AsyncApiDocument document) =>
        document.Channel["x-close-codes"]!.AsObject().Select(static row => Row(row.Key, row.Value!["reason"], row.Value["reconnect"], row.Value["sent"], row.Value["when"]));

    private static IEnumerable<string> Enumerated(AsyncApiDocument document) => Texts(document.At("#/components/schemas/ErrorCode/enum"));

    private static IEnumerable<string> Named(AsyncApiDocument document) =>
        document.Operations.SelectMany(static operation => operation.Errors).Concat(Texts(document.Channel["x-errors"]!));

    /// <summary>The codes that docs/api names where it tells what a client sends.</summary>
    private static IEnumerable<string> ErrorsInProse()
    {
        var prose = Document.Read("docs/api/client-api.md");
        HashSet<string> codes = [.. ErrorCodes.All.Select(static code => code.Name)];
        return prose.NamedSections().SelectMany(section => Quoted().Matches(string.Join('\n', prose.Section($"`{section}`"))).Select(static match => match.Groups[1].Value).Where(codes.Contains).Select(code => $"{section} {code}"));
    }

    /// <summary>The rows that product code names outside their table: what it never names it never sends.</summary>
    private static HashSet<T> Sent<T>(Type table)
    {
        var code = string.Join('\n', Senders
            .SelectMany(static folder => Directory.EnumerateFiles(Path.Combine(Document.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => Path.GetFileNameWithoutExtension(file) != table.Name && !file.Contains("/obj/", StringComparison.Ordinal))
            .Select(File.ReadAllText));
        return [.. table.GetFields().Where(field => Regex.IsMatch(code, $@"\b{table.Name}\.{field.Name}\b")).Select(static field => (T)field.GetValue(null)!)];
    }

    private static IEnumerable<string> Constants() =>
        typeof(WireLimits).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => $"{field.Name} {field.GetRawConstantValue()}");

    private static IEnumerable<string> Defaults() =>
        typeof(LimitsSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static property => property.PropertyType == typeof(int)).Select(static property => $"{property.Name} {property.GetValue(Limits)}");

    private static (string Pointer, int Value)[] Places() =>
    [
        ("#/components/schemas/Token/maxLength", WireLimits.MaxTokenBytes),
        ("#/components/schemas/RequestId/maxLength", WireLimits.MaxIdLength),
        ("#/components/schemas/Limit/maximum", WireLimits.MaxHistory),
        ("#/components/schemas/History/properties/data/properties/messages/maxItems", WireLimits.MaxHistory),
        ("#/components/schemas/Members/properties/data/properties/members/maxItems", WireLimits.MaxMembers),
        // A byte holds no more than a character.
        ("#/components/schemas/UserName/maxLength", WireLimits.MaxNameBytes),
        ("#/components/schemas/RoomName/maxLength", WireLimits.MaxRoomBytes),
        ("#/components/schemas/Text/maxLength", Limits.TextLength),
        ("#/components/schemas/MessageRequest/properties/data/maxLength", Limits.TextLength),
        // And the receiver's own.
        ("#/components/schemas/Rooms/properties/data/maxItems", RoomListCache.Shown + 1),
    ];

    private static IEnumerable<string> Numbers(JsonNode table) => table.AsObject().Select(static row => $"{row.Key} {row.Value!.ToJsonString()}");

    private static IEnumerable<string> Texts(JsonNode list) => list.AsArray().Select(static text => (string)text!);

    private static string Row(params object?[] cells) => string.Join(" | ", cells.Select(static cell => Convert.ToString(cell, CultureInfo.InvariantCulture)!)).Replace("True", "true", StringComparison.Ordinal).Replace("False", "false", StringComparison.Ordinal);

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Quoted();
}
