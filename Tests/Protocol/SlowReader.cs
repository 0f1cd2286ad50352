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

    public static string Verdict(byte[] frame, int maxTextLength, bool version2 = false)
    {
        try
        {
            Strict.GetString(frame);
            using var document = JsonDocument.Parse(frame, new JsonDocumentOptions { MaxDepth = 8 });
            ReadAllStrings(document.RootElement);
            return Interpret(document.RootElement, maxTextLength, version2);
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

    private static string Interpret(JsonElement root, int maxTextLength, bool version2)
    {
        var top = Members(root);
        // A member repeated inside data is an error before all others, whatever the event.
        var data = top.GetValueOrDefault("data");
        var inner = data.ValueKind == JsonValueKind.Object ? Members(data) : [];
        var sole = data.ValueKind is JsonValueKind.Object or JsonValueKind.Undefined ? [] : new[] { data };

        version2 |= Find(top, "v").Concat(Find(inner, "v")).Any(value => value.GetRawText() is "2");
        var id = version2 ? Id(Single(top, inner, "id")) : null;
        var events = "register get_room get_rooms join_room message leave_room error" + (version2 ? " get_history get_members typing refresh" : "");
        if (!top.TryGetValue("event", out var name) || name.ValueKind != JsonValueKind.String || !events.Split(' ').Contains(name.GetString()))
        {
            throw new RefusedException("bad_request");
        }

        return Fields(name.GetString()!, top, inner, sole, maxTextLength, version2) + (version2 ? $" v=2 id={id ?? "-"}" : "");
    }

    private static string Fields(
        string name, Dictionary<string, JsonElement> top, Dictionary<string, JsonElement> inner, JsonElement[] sole, int maxTextLength, bool version2)
    {
        var jwt = One([.. Find(top, "jwt"), .. Find(inner, "jwt")]);
        if (jwt is not null && Encoding.UTF8.GetByteCount(jwt) > 2048)
        {
            jwt = name == "register" ? null : throw new RefusedException("invalid_token");
        }

        jwt = jwt is "" ? null : jwt;
        string[] rooms = ["room", "room_name", "roomId"];
        switch (name)
        {
            case "register":
                var user = One([.. sole, .. Find(top, "name", "username"), .. Find(inner, "name", "username")]);
                return Describe("register", jwt, user ?? throw new RefusedException("bad_request"), null, null, false);
            case "join_room":
                JsonElement[] outside = [.. sole, .. Find(top, rooms)];
                var room = One([.. outside, .. Find(inner, [.. rooms, "name"])]) ?? throw new RefusedException("bad_request");
                return version2
                    ? Describe("join_room", jwt, null, room, null, false) + $" after={Position(Single(top, inner, "after"), needsEpoch: true)}"
                    : Describe("join_room", jwt, null, room, null, outside.Length == 0);
            case "message":
                var beside = One([.. Find(top, rooms), .. Find(inner, rooms)]);
                var text = One([.. sole, .. Find(top, "content", "text", "message"), .. Find(inner, "content", "text", "message")]);
                return string.IsNullOrEmpty(text) ? throw new RefusedException("bad_request")
                    : text.Length > maxTextLength ? throw new RefusedException("text_too_long")
                    : Describe("message", jwt, null, beside, text, false);
            case "get_history" or "get_members" or "typing":
                var here = Describe(name, jwt, null, One([.. Find(top, rooms), .. Find(inner, rooms)]), null, false);
                return name != "get_history" ? here
                    : $"{here} after={Position(Single(top, inner, "after"), false)} before={Position(Single(top, inner, "before"), false)} limit={Limit(Single(top, inner, "limit"))}";
            case "leave_room" when !version2:
                var spelled = Find(inner, [.. rooms, "name", "jwt"]).Any(value => value.ValueKind == JsonValueKind.String);
                return Describe("leave_room", jwt, null, null, null, spelled);
            default:
                return Describe(name, jwt, null, null, null, false);
        }
    }

    /// <summary>A field of any kind that may stand in both places.</summary>
    private static JsonElement? Single(Dictionary<string, JsonElement> top, Dictionary<string, JsonElement> inner, string name)
    {
        JsonElement[] found = [.. Find(top, name), .. Find(inner, name)];
        if (found.Length == 2 && (found[0].ValueKind != found[1].ValueKind || (found[0].ValueKind == JsonValueKind.String
            ? found[0].GetString() != found[1].GetString()
            : found[0].ValueKind is JsonValueKind.Number or JsonValueKind.Object && found[0].GetRawText() != found[1].GetRawText())))
        {
            throw new RefusedException("bad_request");
        }

        return found.Length == 0 ? null : found[0];
    }

    private static string? Id(JsonElement? id) => id switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value when value.GetString() is { Length: > 0 and <= 64 } text && text.All(c => c is >= ' ' and <= '~') => text,
        _ => throw new RefusedException("bad_request"),
    };

    private static string Limit(JsonElement? limit) => limit is null ? "-"
        : Integer(limit.Value) is >= 1 and <= 100 and var count ? $"{count}"
        : throw new RefusedException("bad_request");

    private static string Position(JsonElement? position, bool needsEpoch)
    {
        if (position is not { } value)
        {
            return "-";
        }

        if (!needsEpoch && Integer(value) is >= 0 and { } plain)
        {
            return $":{plain}";
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new RefusedException("bad_request");
        }

        var named = value.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null)
            .ToLookup(member => member.Name.ToLowerInvariant() is "epoch" or "seq" ? member.Name.ToLowerInvariant() : "", member => Integer(member.Value));
        var epoch = named["epoch"].ToArray();
        var seq = named["seq"].ToArray();
        return seq is [>= 0] && (epoch is [>= 0] || (epoch is [] && !needsEpoch))
            ? $"{(epoch is [var e] ? e : null)}:{seq[0]}"
            : throw new RefusedException("bad_request");
    }

    private static long? Integer(JsonElement value)
        => value.ValueKind == JsonValueKind.Number && value.GetRawText().All(c => c is '-' or (>= '0' and <= '9'))
            && long.TryParse(value.GetRawText(), out var integer) && Math.Abs((decimal)integer) <= 1L << 53 ? integer : null;

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
