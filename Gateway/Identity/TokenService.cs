using System.Text;
using ChitChatz.Protocol;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ChitChatz.Gateway.Identity;

/// <summary>Issues and checks tokens (HS256 JWT). Nothing here throws on, logs or repeats what a client sent.</summary>
public sealed class TokenService(SigningKeys keys, IOptions<JwtSettings> options, TimeProvider time)
{
    private readonly JwtSettings _settings = options.Value;

    // The default times would be added to the claims, from a clock that is not ours.
    private readonly JsonWebTokenHandler _handler = new()
    {
        SetDefaultTimesOnTokenCreation = false,
        MapInboundClaims = false,
        MaximumTokenSizeInBytes = WireLimits.MaxTokenBytes,
    };

    /// <summary>A fresh token for somebody who is in this room, or in none.</summary>
    public string Issue(in UserIdentity who, string? room)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var claims = ClaimsWriter.Write(who, room, now, now + (_settings.LifetimeMinutes * 60L), _settings.Issuer, _settings.Audience, UserIdentity.NewSub());

        // The handler keeps the claims' text as it is, escapes included; a test holds it to that.
        return _handler.CreateToken(claims, keys.Current.Credentials);
    }

    /// <summary>Checks a token that wants to act.</summary>
    public TokenVerdict Verify(ReadOnlySpan<byte> token) => Verify(token, TimeSpan.Zero);

    /// <summary>
    /// Checks a token that comes with a <c>register</c>. One of ours that ended within <c>Jwt:ReclaimHours</c> still counts here, and
    /// proves the <c>sub</c> only: it has no room, and its name gives no right to the name.
    /// </summary>
    public TokenVerdict VerifyForRegister(ReadOnlySpan<byte> token) => Verify(token, _settings.Reclaim);

    // A token that was verified before: time passes and keys are withdrawn, the rest cannot change.
    internal TokenVerdict Recheck(in TokenVerdict verified) =>
        verified.Kid is { } kid && keys.Find(kid) is not null ? Judge(verified.Claims, kid, TimeSpan.Zero) : default;

    private TokenVerdict Verify(ReadOnlySpan<byte> token, TimeSpan grace)
    {
        if (!TokenReader.TryRead(token, out var read) || keys.Find(read.Kid) is not { } key)
            return default;

        // Without a source of remote keys there is nothing to wait for: the task is complete when it is returned.
        var result = _handler.ValidateTokenAsync(Encoding.ASCII.GetString(token), key.Rules).GetAwaiter().GetResult();
        return result.IsValid && IsOurs(read) ? Judge(read.Claims, key.Id, grace) : default;
    }

    // What the library is laxer about than we are: it takes any of several audiences, a future iat and any lifetime.
    private bool IsOurs(in UnverifiedToken token)
    {
        var now = time.GetUtcNow();
        var claims = token.Claims;
        return token.Issuer == _settings.Issuer
            && token.Audience == _settings.Audience
            && claims.IssuedAt <= now + _settings.ClockSkew
            && (token.NotBefore is not { } start || start <= now + _settings.ClockSkew)
            && claims.ExpiresAt - claims.IssuedAt <= _settings.Lifetime + _settings.ClockSkew;
    }

    private TokenVerdict Judge(in TokenClaims claims, string kid, TimeSpan grace)
    {
        var late = time.GetUtcNow() - claims.ExpiresAt;
        if (late < _settings.ClockSkew)
            return new TokenVerdict(TokenStatus.Valid, claims) { Kid = kid };
        return late <= grace
            ? new TokenVerdict(TokenStatus.Valid, claims with { Room = null }) { Kid = kid }
            : new TokenVerdict(TokenStatus.Expired, default);
    }
}
