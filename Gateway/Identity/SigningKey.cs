using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace ChitChatz.Gateway.Identity;

/// <summary>One key, bound to HS256, with all that checking a token against it needs.</summary>
internal sealed class SigningKey
{
    public SigningKey(byte[] key, JwtSettings settings)
    {
        Id = IdOf(key);
        var security = new SymmetricSecurityKey(key) { KeyId = Id };
        Credentials = new SigningCredentials(security, SecurityAlgorithms.HmacSha256);
        Rules = new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ValidTypes = [TokenReader.Type],
            IssuerSigningKey = security,
            TryAllIssuerSigningKeys = false,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidateIssuer = true,
            ValidIssuer = settings.Issuer,
            ValidateAudience = true,
            ValidAudience = settings.Audience,
            ValidateLifetime = true,
            // The library reads the machine's clock; ours is the TimeProvider. TokenService decides between valid and expired.
            LifetimeValidator = static (_, expires, _, _) => expires is not null,
            ClockSkew = settings.ClockSkew,
            IncludeTokenOnFailedValidation = false,
        };
    }

    /// <summary>The key's name in a token's <c>kid</c>: a hash, so that every gateway gives the same key the same name.</summary>
    public string Id { get; }

    public SigningCredentials Credentials { get; }

    public TokenValidationParameters Rules { get; }

    private static string IdOf(byte[] key)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, "chitchatz kid"u8, hash);
        return Base64Url.EncodeToString(hash[..8]);
    }
}
