using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Identity;

/// <summary>
/// Reads a token's form, strictly and before any cryptography or library sees it (RFC 8725; THREATS J1 to J10). What comes out of here
/// is not verified yet.
/// </summary>
internal static class TokenReader
{
    public const string Type = "JWT";

    private static readonly SearchValues<byte> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."u8);

    // Both objects are flat: whatever is nested, arrays of audiences and embedded keys included, is not ours.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 1, AllowDuplicateProperties = false };

    public static bool TryRead(ReadOnlySpan<byte> token, out UnverifiedToken read)
    {
        read = default;
        if (token.Length is 0 or > WireLimits.MaxTokenBytes || token.ContainsAnyExcept(Alphabet) || token.Count((byte)'.') != 2)
            return false;
        var first = token.IndexOf((byte)'.');
        var last = token.LastIndexOf((byte)'.');
        if (first == 0 || last == first + 1 || last == token.Length - 1)
            return false;
        try
        {
            return TryReadHeader(Base64Url.DecodeFromUtf8(token[..first]), out var kid)
                && TryReadClaims(Base64Url.DecodeFromUtf8(token[(first + 1)..last]), kid, out read);
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            // Not base64url; not JSON; a string that is not Unicode.
            return false;
        }
    }

    private static bool TryReadHeader(byte[] json, out string kid)
    {
        kid = "";
        using var document = JsonDocument.Parse(json, Strict);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            return false;
        string? algorithm = null, type = null;
        foreach (var member in document.RootElement.EnumerateObject())
        {
            // Nothing else belongs into a header of ours: no jku, jwk, x5u, crit, zip or b64 reaches anything that might act on it.
            if (member.NameEquals("alg"))
                algorithm = member.Value.GetString();
            else if (member.NameEquals("typ"))
                type = member.Value.GetString();
            else if (member.NameEquals("kid"))
                kid = member.Value.GetString() ?? "";
            else
                return false;
        }

        return algorithm == "HS256" && type == Type && kid.Length is > 0 and <= 64;
    }

    private static bool TryReadClaims(byte[] json, string kid, out UnverifiedToken read)
    {
        read = default;
        using var document = JsonDocument.Parse(json, Strict);
        var claims = document.RootElement;
        if (claims.ValueKind != JsonValueKind.Object
            || String(claims, "sub") is not { } sub || !IsSub(sub)
            || String(claims, "name") is not { Length: > 0 } name
            || String(claims, "iss") is not { } issuer
            || String(claims, "aud") is not { } audience
            || !claims.TryGetProperty("room", out var room) || room.ValueKind is not (JsonValueKind.String or JsonValueKind.Null)
            || Time(claims, "exp") is not { } expires
            || Time(claims, "iat") is not { } issued
            || expires <= issued)
            return false;
        DateTimeOffset? notBefore = null;
        if (claims.TryGetProperty("nbf", out _))
        {
            if (Time(claims, "nbf") is not { } start)
                return false;
            notBefore = start;
        }

        read = new UnverifiedToken(kid, issuer, audience, notBefore, new TokenClaims(sub, name, room.GetString(), issued, expires));
        return true;
    }

    private static string? String(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // Whole seconds, up to the year 9999: no fractions, no exponents, no text.
    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) && seconds is > 0 and <= 253402300799
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static bool IsSub(string sub) => sub.Length is >= 1 and <= 128 && !sub.AsSpan().ContainsAnyExceptInRange('!', '~');
}

/// <summary>What a token claims to be, before its signature was checked.</summary>
internal readonly record struct UnverifiedToken(string Kid, string Issuer, string Audience, DateTimeOffset? NotBefore, TokenClaims Claims);
