using System.Globalization;
using System.Text;

namespace ChitChatz.Gateway.Identity;

/// <summary>
/// Writes a token's claims as JSON whose base64url is also plain base64: existing clients decode the payload with <c>atob</c>, which
/// knows no '-' and '_'. Those stand for 62 and 63, and in ASCII text only the last six bits of '>', '?', '~' and U+007F have these
/// values, so these four are escaped, as is all that is not ASCII.
/// </summary>
internal static class ClaimsWriter
{
    public static string Write(in UserIdentity who, string? room, long issuedAt, long expiresAt, string issuer, string audience, string id)
    {
        var json = new StringBuilder(256);
        json.Append("{\"name\":");
        AppendString(json, who.Name);
        json.Append(",\"room\":");
        if (room is null)
            json.Append("null");
        else
            AppendString(json, room);
        json.Append(CultureInfo.InvariantCulture, $",\"exp\":{expiresAt},\"iat\":{issuedAt},\"iss\":");
        AppendString(json, issuer);
        json.Append(",\"aud\":");
        AppendString(json, audience);
        json.Append(",\"sub\":");
        AppendString(json, who.Sub);
        json.Append(",\"jti\":");
        AppendString(json, id);
        return json.Append('}').ToString();
    }

    private static void AppendString(StringBuilder json, string value)
    {
        json.Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c is '"' or '\\')
                json.Append('\\').Append(c);
            else if (c is >= ' ' and < '~' and not '>' and not '?')
                json.Append(c);
            else if (char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
                AppendEscaped(AppendEscaped(json, c), value[++i]);
            else
                // Half a surrogate pair is no text, and a reader may refuse the whole token for it.
                AppendEscaped(json, char.IsSurrogate(c) ? '\uFFFD' : c);
        }

        json.Append('"');
    }

    private static StringBuilder AppendEscaped(StringBuilder json, char c) => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
}
