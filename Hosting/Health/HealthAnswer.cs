using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChitChatz.Hosting.Health;

/// <summary>What a health endpoint says.</summary>
/// <param name="Status"><c>ok</c> or <c>unavailable</c>.</param>
/// <param name="Problems">Why, for people.</param>
/// <param name="Warnings">What else should be mended, for people.</param>
public sealed record HealthAnswer(string Status, string[] Problems, string[] Warnings);

/// <summary>The port where none is configured.</summary>
/// <param name="Value">A TCP port.</param>
public sealed record DefaultManagementPort(int Value);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class HealthJson : JsonSerializerContext
{
    /// <summary>For people who look at it in a terminal: quotes as they are. No page shows it.</summary>
    public static HealthJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
