using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ChitChatz.Benchmarks.Bare;

/// <summary>Signs and checks tokens with the library and the algorithm of ChitChatz (HS256), and with as many claims.</summary>
internal sealed class Tokens
{
    private const string Issuer = "bare";

    private readonly JsonWebTokenHandler _handler = new();
    private readonly SigningCredentials _credentials;
    private readonly TokenValidationParameters _rules;

    public Tokens()
    {
        SymmetricSecurityKey key = new(RandomNumberGenerator.GetBytes(32));
        _credentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256);
        _rules = new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKey = key,
            ValidIssuer = Issuer,
            ValidAudience = Issuer,
        };
    }

    /// <summary>A fresh token of one hour for somebody who is in this room, or in none.</summary>
    public string Issue(string name, string? room) => _handler.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Issuer,
        Audience = Issuer,
        Claims = new Dictionary<string, object> { ["name"] = name, ["room"] = room ?? "", ["sub"] = name, ["jti"] = $"{Guid.NewGuid():N}" },
        Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1),
        SigningCredentials = _credentials,
    });

    /// <summary>When the token ends; null when it is not valid.</summary>
    public async ValueTask<DateTime?> CheckAsync(string token)
    {
        var result = await _handler.ValidateTokenAsync(token, _rules);
        return result.IsValid ? result.SecurityToken.ValidTo : null;
    }
}
