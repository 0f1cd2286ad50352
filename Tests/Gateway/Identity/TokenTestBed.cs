using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ChitChatz.Gateway.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ChitChatz.Tests.Gateway.Identity;

/// <summary>A token service on a fake clock, and the means to forge tokens against it with its own key.</summary>
internal sealed class TokenTestBed : IDisposable
{
    public const string Secret = "q3Vn0yTkX8mZ1bRfW6uJc2LhPdA9sGeo4iQxNvYt7Kw=";
    public static readonly UserIdentity Anna = new("c3ViLW9mLWFubmEtMTIzNA", "Anna", "anna");

    public TokenTestBed(Action<JwtSettings>? configure = null)
    {
        Settings = new JwtSettings { Secret = Secret };
        configure?.Invoke(Settings);
        Keys = new SigningKeys(Settings, "/nonexistent", configuration: null, NullLogger<SigningKeys>.Instance);
        Tokens = new TokenService(Keys, Options.Create(Settings), Time);
    }

    public JwtSettings Settings { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));

    public SigningKeys Keys { get; }

    public TokenService Tokens { get; }

    public long Now => Time.GetUtcNow().ToUnixTimeSeconds();

    public string Header => $$"""{"alg":"HS256","kid":"{{Keys.Current.Id}}","typ":"JWT"}""";

    public static byte[] Bytes(string token) => Encoding.UTF8.GetBytes(token);

    public static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    /// <summary>The claims of a good token, some of them replaced by other JSON, taken out (null), or added.</summary>
    public string Claims(params (string Name, string? Json)[] changes)
    {
        var claims = new Dictionary<string, string>
        {
            ["name"] = "\"Anna\"",
            ["room"] = "null",
            ["exp"] = $"{Now + 3600}",
            ["iat"] = $"{Now}",
            ["iss"] = "\"chitchatz\"",
            ["aud"] = "\"chitchatz\"",
            ["sub"] = "\"sub-of-anna\"",
            ["jti"] = "\"1\"",
        };
        foreach (var (name, json) in changes)
            if (json is null)
                claims.Remove(name);
            else
                claims[name] = json;
        return "{" + string.Join(",", claims.Select(claim => $"\"{claim.Key}\":{claim.Value}")) + "}";
    }

    /// <summary>A token with these parts, signed properly with the service's own key, or another.</summary>
    public static string Sign(string header, string claims, string secret = Secret)
    {
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(signed)))}";
    }

    public TokenStatus Verify(string token) => Tokens.Verify(Bytes(token)).Status;

    public TokenStatus VerifyClaims(params (string Name, string? Json)[] changes) => Verify(Sign(Header, Claims(changes)));

    public void Dispose() => Keys.Dispose();
}
