using System.Text.Json.Serialization;

namespace ChitChatz.Hosting.Health;

/// <summary>What a health endpoint says.</summary>
/// <param name="Status"><c>ok</c> or <c>unavailable</c>.</param>
/// <param name="Problems">Why, for people.</param>
public sealed record HealthAnswer(string Status, string[] Problems);

/// <summary>The port where none is configured.</summary>
/// <param name="Value">A TCP port.</param>
public sealed record DefaultManagementPort(int Value);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class HealthJson : JsonSerializerContext;
