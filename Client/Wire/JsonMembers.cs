using System.Text.Json;

namespace ChitChatz.Client.Wire;

/// <summary>Reads members of an object; what is not as the protocol has it is an <see cref="InvalidDataException"/> that names the member.</summary>
internal static class JsonMembers
{
    public static JsonElement Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : throw Missing(name);

    public static string Text(this JsonElement element, string name) => element.TextOrNull(name) ?? throw Missing(name);

    public static string? TextOrNull(this JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null)
            return null;
        return member.AsText() ?? throw Missing(name);
    }

    /// <summary>The element itself as text; null when it is none.</summary>
    public static string? AsText(this JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return null;
        }
    }

    public static long Integer(this JsonElement element, string name) => element.IntegerOrNull(name) ?? throw Missing(name);

    public static long? IntegerOrNull(this JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null)
            return null;
        return member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out var value) ? value : throw Missing(name);
    }

    public static bool Flag(this JsonElement element, string name) => element.Member(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Missing(name),
    };

    public static JsonElement.ArrayEnumerator Items(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : throw Missing(name);

    private static InvalidDataException Missing(string name) => new($"The server's frame lacks '{name}', or it is of another type.");
}
