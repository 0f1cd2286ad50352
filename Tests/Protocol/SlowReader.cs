using System.Text;
using System.Text.Json;

namespace ChitChatz.Tests.Protocol;

/// <summary>
/// The envelope's rules written a second time, over a JsonDocument, with dictionaries and exceptions and no thought of speed.
/// A verdict is "error: code", or the event with each field that was read.
/// </summary>
internal static class SlowReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Verdict(byte[] frame, int maxTextLength)
    {
        try
        {
            Strict.GetString(frame);
            using var document = JsonDocument.Parse(frame, new JsonDocumentOptions { MaxDepth = 8 });
            ReadAllStrings(document.RootElement);
            return Interpret(document.RootElement, maxTextLength);
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            return "error: bad_json";
        }
        catch (RefusedException e)
        {
            return "error: " + e.Message;
        }
    }

    public static string Describe(string name, string? jwt, string? user, string? room, string? text, bool inside) =>
        $"{name} jwt={jwt ?? "-"} name={user ?? "-"} room={room ?? "-"} text={text ?? "-"} inside={inside}";

    private static string Interpret(JsonElement root, int maxTextLength)
    {
        var top = Members(root);
        // A member repeated inside data is an error before all others, whatever the event.
        var data = top.GetValueOrDefault("data");
        var inner = data.ValueKind == JsonValueKind.Object ? Members(data) : [];
        var sole = data.ValueKind is JsonValueKind.Object or JsonValueKind.Undefined ? [] : new[] { data };

        if (!top.TryGetValue("event", out var name) || name.ValueKind != JsonValueKind.String
            || !"register get_room get_rooms join_room message leave_room error".Split(' ').Contains(name.GetString()))
        {
            throw new RefusedException("bad_request");
        }

        var jwt = One([.. Find(top, "jwt"), .. Find(inner, "jwt")]);
        if (jwt is not null && Encoding.UTF8.GetByteCount(jwt) > 2048)
        {
            jwt = name.GetString() == "register" ? null : throw new RefusedException("invalid_token");
        }

        jwt = jwt is "" ? null : jwt;
        string[] rooms = ["room", "room_name", "roomId"];
        switch (name.GetString()!)
        {
            case "register":
                var user = One([.. sole, .. Find(top, "name", "username"), .. Find(inner, "name", "username")]);
                return Describe("register", jwt, user ?? throw new RefusedException("bad_request"), null, null, false);
            case "join_room":
                JsonElement[] outside = [.. sole, .. Find(top, rooms)];
                var room = One([.. outside, .. Find(inner, [.. rooms, "name"])]) ?? throw new RefusedException("bad_request");
                return Describe("join_room", jwt, null, room, null, outside.Length == 0);
            case "message":
                var beside = One([.. Find(top, rooms), .. Find(inner, rooms)]);
                var text = One([.. sole, .. Find(top, "content", "text", "message"), .. Find(inner, "content", "text", "message")]);
                return string.IsNullOrEmpty(text) ? throw new RefusedException("bad_request")
                    : text.Length > maxTextLength ? throw new RefusedException("text_too_long")
                    : Describe("message", jwt, null, beside, text, false);
            case "leave_room":
                var spelled = Find(inner, [.. rooms, "name", "jwt"]).Any(value => value.ValueKind == JsonValueKind.String);
                return Describe("leave_room", jwt, null, null, null, spelled);
            default:
                return Describe(name.GetString()!, jwt, null, null, null, false);
        }
    }

    private static Dictionary<string, JsonElement> Members(JsonElement element)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var members = new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : throw new JsonException())
        {
            if (!names.Add(member.Name))
            {
                throw new JsonException("repeated");
            }

            if (member.Value.ValueKind != JsonValueKind.Null)
            {
                members.Add(member.Name, member.Value);
            }
        }

        return members;
    }

    private static IEnumerable<JsonElement> Find(Dictionary<string, JsonElement> members, params string[] names) =>
        names.Where(members.ContainsKey).Select(name => members[name]);

    private static string? One(JsonElement[] values)
    {
        if (values.Any(value => value.ValueKind != JsonValueKind.String))
        {
            throw new RefusedException("bad_request");
        }

        var distinct = values.Select(value => value.GetString()!).Distinct(StringComparer.Ordinal).ToArray();
        return distinct.Length > 1 ? throw new RefusedException("bad_request") : distinct.SingleOrDefault();
    }

    private static void ReadAllStrings(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    ReadAllStrings(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    ReadAllStrings(member.Value);
                }

                break;
        }
    }

    private sealed class RefusedException(string code) : Exception(code);
}
