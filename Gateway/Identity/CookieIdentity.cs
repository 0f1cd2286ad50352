using System.Text;
using ChitChatz.Gateway.Handshake;
using ChitChatz.Protocol;
using Microsoft.Extensions.Options;

namespace ChitChatz.Gateway.Identity;

/// <summary>
/// The token in the handshake's cookie <c>jwt</c>: the first web client keeps it there and does not send it when a second tab opens.
/// Browsers send cookies along by themselves, so it counts only with an Origin that is present and allowed.
/// </summary>
/// <param name="tokens">Checks the token.</param>
/// <param name="options">Holds the switch.</param>
/// <param name="keyOf">The key of a name, or null when the rules refuse the name.</param>
public sealed class CookieIdentity(TokenService tokens, IOptions<GatewaySettings> options, Func<string, string?> keyOf)
{
    /// <summary>The cookie's name.</summary>
    public const string Cookie = "jwt";

    private readonly bool _enabled = options.Value.CookieIdentity;

    /// <summary>Who the cookie says has come, or null when it says nothing that counts.</summary>
    public CookieClaim? Read(HttpRequest handshake, OriginVerdict origin)
    {
        // ASP.NET has undone a URL encoding of the value.
        if (!_enabled || origin != OriginVerdict.Allowed || handshake.Cookies[Cookie] is not { Length: > 0 and <= WireLimits.MaxTokenBytes } value)
            return null;
        var verdict = tokens.VerifyForRegister(Encoding.UTF8.GetBytes(value));
        return verdict.IsValid && keyOf(verdict.Claims.Name) is { } key ? new CookieClaim(verdict.Claims.Sub, key) : null;
    }
}

/// <summary>What a cookie proved at the handshake.</summary>
/// <param name="Sub">The identity.</param>
/// <param name="NameKey">The key of the one name it may be used for.</param>
public sealed record CookieClaim(string Sub, string NameKey)
{
    /// <summary>The proven sub, if this is the name that was asked for; otherwise null.</summary>
    public string? SubFor(string nameKey) => NameKey == nameKey ? Sub : null;
}
