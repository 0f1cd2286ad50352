using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ChitChatz.Gateway.Identity;
using CsCheck;
using Xunit;

namespace ChitChatz.Tests.Gateway.Identity;

/// <summary>Section 1 of the threats, row by row. Each forgery differs from a good token in one thing, so the first test guards them all.</summary>
public sealed class TokenAttackTests : IDisposable
{
    private readonly TokenTestBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Fact]
    public void Verify_WhenMadeByTheTestBedUnchanged_IsValid() => Assert.Equal(TokenStatus.Valid, _bed.VerifyClaims());

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("nOnE")]
    [InlineData("")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    [InlineData("hs256")]
    [InlineData("RS256")]
    [InlineData("ES256")]
    [InlineData("PS256")]
    [InlineData("dir")]
    public void J1J2_Verify_WhenAlgorithmIsAnother_IsInvalid(string algorithm)
    {
        var header = _bed.Header.Replace("HS256", algorithm, StringComparison.Ordinal);
        var signed = $"{TokenTestBed.Encode(header)}.{TokenTestBed.Encode(_bed.Claims())}";
        var key = Encoding.UTF8.GetBytes(TokenTestBed.Secret);

        Assert.Equal(TokenStatus.Invalid, _bed.Verify(signed));
        Assert.Equal(TokenStatus.Invalid, _bed.Verify($"{signed}."));
        Assert.Equal(TokenStatus.Invalid, _bed.Verify(TokenTestBed.Sign(header, _bed.Claims())));
        Assert.Equal(TokenStatus.Invalid, _bed.Verify($"{signed}.{Base64Url.EncodeToString(HMACSHA512.HashData(key, Encoding.ASCII.GetBytes(signed)))}"));
    }

    [Fact]
    public void J1_Verify_WhenSignatureIsMissing_IsInvalid()
    {
        var parts = _bed.Tokens.Issue(TokenTestBed.Anna, null).Split('.');

        Assert.Equal(TokenStatus.Invalid, _bed.Verify($"{parts[0]}.{parts[1]}"));
        Assert.Equal(TokenStatus.Invalid, _bed.Verify($"{parts[0]}.{parts[1]}."));
    }

    [Fact]
    public void J2_Verify_WhenSignedWithAPublicKeysText_IsInvalid()
    {
        using var rsa = RSA.Create(2048);

        Assert.Equal(TokenStatus.Invalid, _bed.Verify(TokenTestBed.Sign(_bed.Header, _bed.Claims(), rsa.ExportRSAPublicKeyPem())));
        Assert.Equal(TokenStatus.Invalid, _bed.Verify(TokenTestBed.Sign(_bed.Header.Replace("HS256", "RS256", StringComparison.Ordinal), _bed.Claims(), rsa.ExportRSAPublicKeyPem())));
    }

    [Theory]
    [InlineData(""","zip":"DEF" """)]
    [InlineData(""","p2c":2147483648""")]
    [InlineData(""","enc":"A256GCM" """)]
    [InlineData(""","crit":["exp"]""")]
    [InlineData(""","b64":false""")]
    [InlineData(""","jku":"https://evil.example/keys" """)]
    [InlineData(""","x5u":"https://evil.example/cert" """)]
    [InlineData(""","jwk":{"kty":"oct","k":"AAAA"}""")]
    [InlineData(""","x5c":["MIIB"]""")]
    [InlineData(""","typ":"JWT" """)]
    [InlineData(""","alg":"HS256" """)]
    public void J3J9_Verify_WhenHeaderHasMore_IsInvalid(string more) =>
        Assert.Equal(TokenStatus.Invalid, _bed.Verify(TokenTestBed.Sign(_bed.Header[..^1] + more + "}", _bed.Claims())));

    [Fact]
    public void J3_Verify_WhenTooLongOrOfFiveParts_IsInvalid()
    {
        var good = TokenTestBed.Sign(_bed.Header, _bed.Claims());
        var padded = TokenTestBed.Sign(_bed.Header, _bed.Claims(("pad", $"\"{new string('a', 3000)}\"")));

        Assert.Equal(TokenStatus.Invalid, _bed.Verify(padded));
        Assert.Equal(TokenStatus.Invalid, _bed.Verify($"{good}.AAAA.AAAA"));
        Assert.Equal(TokenStatus.Invalid, _bed.Verify(new string('A', 1_000_000)));
        Assert.Equal(TokenStatus.Invalid, _bed.Verify(new string('.', 2)));
        Assert.Equal(TokenStatus.Invalid, _bed.Verify(""));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("=")]
    [InlineData("+")]
    [InlineData("/")]
    [InlineData("\0")]
    [InlineData("{")]
    [InlineData("\"")]
    [InlineData("é")]
    [InlineData("Ａ")]
    [InlineData("%2E")]
    public void J4J11_Verify_WhenACharacterIsForeign_IsInvalid(string foreign)
    {
        var token = TokenTestBed.Sign(_bed.Header, _bed.Claims());
        foreach (var at in new[] { 0, 5, token.IndexOf('.'), token.LastIndexOf('.'), token.Length })
            Assert.Equal(TokenStatus.Invalid, _bed.Verify(token.Insert(at, foreign)));
    }

    [Fact]
    public void J6_Verify_WhenSignedWithAGuess_IsInvalid()
    {
        foreach (var guess in new[] { "secret", "password", "", "chitchatz", new string('0', 32), TokenTestBed.Secret.ToLowerInvariant(), TokenTestBed.Secret + " " })
            Assert.Equal(TokenStatus.Invalid, _bed.Verify(TokenTestBed.Sign(_bed.Header, _bed.Claims(), guess)));
    }

    [Theory]
    [InlineData("exp", null)]
    [InlineData("iat", null)]
    [InlineData("exp", "\"1777640000\"")]
    [InlineData("exp", "1777640000.5")]
    [InlineData("exp", "1.7776e9")]
    [InlineData("exp", "-1")]
    [InlineData("exp", "0")]
    [InlineData("exp", "1e308")]
    [InlineData("exp", "99999999999999999999999")]
    [InlineData("exp", "253402300800")]
    [InlineData("exp", "[1777640000]")]
    [InlineData("exp", "null")]
    [InlineData("exp", "true")]
    [InlineData("nbf", "\"x\"")]
    [InlineData("nbf", "-5")]
    public void J7_Verify_WhenATimeIsMissingOrNoWholeNumber_IsInvalid(string claim, string? json) =>
        Assert.Equal(TokenStatus.Invalid, _bed.VerifyClaims((claim, json)));

    [Fact]
    public void J7_Verify_WhenTimesDoNotFit_IsInvalid()
    {
        var now = _bed.Now;

        Assert.Equal(TokenStatus.Invalid, _bed.VerifyClaims(("exp", $"{now + (10L * 365 * 86400)}")));
        Assert.Equal(TokenStatus.Invalid, _bed.VerifyClaims(("exp", $"{now + 3600 + 31}")));
        Assert.Equal(TokenStatus.Invalid, _bed.VerifyClaims(("exp", $"{now}")));
        Assert.Equal(TokenStatus.Invalid, _bed.VerifyClaims(("iat", $"{now + 31}")));
        Assert.Equal(TokenStatus.Invalid, _bed.VerifyClaims(("nbf", $"{now + 31}")));
        Assert.Equal(TokenStatus.Valid, _bed.VerifyClaims(("iat", $"{now + 30}")));
        Assert.Equal(TokenStatus.Valid, _bed.VerifyClaims(("nbf", $"{now}")));
    }

    [Theory]
    [InlineData("iss", null)]
    [InlineData("iss", "\"other\"")]
    [InlineData("iss", "\"ChitChatz\"")]
    [InlineData("iss", "[\"chitchatz\"]")]
    [InlineData("aud", null)]
    [InlineData("aud", "\"other\"")]
    [InlineData("aud", "[\"chitchatz\"]")]
    [InlineData("aud", "[\"chitchatz\",\"other\"]")]
    public void J8_Verify_WhenIssuerOrAudienceIsNotOurs_IsInvalid(string claim, string? json) =>
        Assert.Equal(TokenStatus.Invalid, _bed.VerifyClaims((claim, json)));

    [Theory]
    [InlineData("at+jwt")]
    [InlineData("jwt")]
    [InlineData("application/jwt")]
    [InlineData("")]
    public void J8_Verify_WhenTypeIsAnother_IsInvalid(string type) =>
        Assert.Equal(TokenStatus.Invalid, _bed.Verify(TokenTestBed.Sign(_bed.Header.Replace("JWT", type, StringComparison.Ordinal), _bed.Claims())));

    [Theory]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("' OR 1=1 --")]
    [InlineData("unknown")]
    [InlineData("\\u0000")]
    public void J9_Verify_WhenKidIsUnknown_IsInvalid(string kid) =>
        Assert.Equal(TokenStatus.Invalid, _bed.Verify(TokenTestBed.Sign($$"""{"alg":"HS256","kid":"{{kid}}","typ":"JWT"}""", _bed.Claims())));

    [Theory]
    [InlineData("""{"alg":"HS256","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","kid":5,"typ":"JWT"}""")]
    [InlineData("""{"alg":["HS256"],"kid":"x","typ":"JWT"}""")]
    [InlineData("""["HS256"]""")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("")]
    public void J9_Verify_WhenHeaderHasNoKidOrIsNoHeader_IsInvalid(string header) =>
        Assert.Equal(TokenStatus.Invalid, _bed.Verify(TokenTestBed.Sign(header, _bed.Claims())));

    [Theory]
    [InlineData("\"sub\":\"other\"")]
    [InlineData("\"s\\u0075b\":\"other\"")]
    [InlineData("\"exp\":99999999999")]
    [InlineData("\"room\":\"secret\"")]
    [InlineData("\"jti\":\"1\"")]
    public void J10_Verify_WhenAClaimComesTwice_IsInvalid(string again)
    {
        var claims = _bed.Claims();

        Assert.Equal(TokenStatus.Invalid, _bed.Verify(TokenTestBed.Sign(_bed.Header, $"{claims[..^1]},{again}}}")));
        Assert.Equal(TokenStatus.Invalid, _bed.Verify(TokenTestBed.Sign(_bed.Header, $"{{{again},{claims[1..]}")));
    }

    [Theory]
    [InlineData("sub", null)]
    [InlineData("sub", "\"\"")]
    [InlineData("sub", "[\"a\"]")]
    [InlineData("sub", "[[[\"a\"]]]")]
    [InlineData("sub", "5")]
    [InlineData("sub", "null")]
    [InlineData("sub", "\"a\\u0000b\"")]
    [InlineData("sub", "\"a b\"")]
    [InlineData("sub", "\"\\u00e9\"")]
    [InlineData("sub", "\"\\u007f\"")]
    [InlineData("sub", "\"\\ud800\"")]
    [InlineData("name", null)]
    [InlineData("name", "\"\"")]
    [InlineData("name", "5")]
    [InlineData("name", "{}")]
    [InlineData("name", "\"\\ud800\"")]
    [InlineData("room", null)]
    [InlineData("room", "5")]
    [InlineData("room", "false")]
    [InlineData("room", "[\"a\"]")]
    [InlineData("extra", "{}")]
    public void J10_Verify_WhenAClaimHasNotItsForm_IsInvalid(string claim, string? json) =>
        Assert.Equal(TokenStatus.Invalid, _bed.VerifyClaims((claim, json)));

    [Fact]
    public void J10_Verify_WhenSubHas128Characters_IsTheLongestThatCounts()
    {
        Assert.Equal(TokenStatus.Valid, _bed.VerifyClaims(("sub", $"\"{new string('s', 128)}\"")));
        Assert.Equal(TokenStatus.Invalid, _bed.VerifyClaims(("sub", $"\"{new string('s', 129)}\"")));
    }

    [Fact]
    public void J11_Verify_WhenAnyCharacterIsAnother_IsInvalid()
    {
        // Every place, the last character of the signature included, whose spare bits a lax decoder does not look at.
        var token = _bed.Tokens.Issue(TokenTestBed.Anna, "room");
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (var at = 0; at < token.Length; at++)
        {
            var changed = token.ToCharArray();
            changed[at] = token[at] == '.' ? 'A' : alphabet[alphabet.IndexOf(token[at]) ^ 1];
            Assert.Equal(TokenStatus.Invalid, _bed.Verify(new string(changed)));
        }

        foreach (var last in alphabet.Where(c => c != token[^1]))
            Assert.Equal(TokenStatus.Invalid, _bed.Verify(token[..^1] + last));
    }

    [Fact]
    public void J11_Verify_WhenCutOrMixed_IsInvalid()
    {
        var anna = _bed.Tokens.Issue(TokenTestBed.Anna, null);
        var bob = _bed.Tokens.Issue(TokenTestBed.Anna with { Sub = "bob" }, null);

        for (var length = 0; length < anna.Length; length++)
            Assert.Equal(TokenStatus.Invalid, _bed.Verify(anna[..length]));
        Assert.Equal(TokenStatus.Invalid, _bed.Verify(anna[..anna.LastIndexOf('.')] + bob[bob.LastIndexOf('.')..]));
    }

    [Fact]
    public void Verify_WhateverBytes_NeverThrows() =>
        Gen.OneOf(
            Gen.Byte.Array[0, 200],
            Gen.String[Gen.Char["{}[]\":,\\u0019eE+-. aln"], 0, 60].Select(json => TokenTestBed.Bytes(TokenTestBed.Sign(_bed.Header, json))),
            Gen.String[Gen.Char["{}[]\":,\\u0019eE+-. aln"], 0, 60].Select(json => TokenTestBed.Bytes(TokenTestBed.Sign(json, _bed.Claims()))))
            .Sample(bytes => Assert.Equal(TokenStatus.Invalid, _bed.Tokens.Verify(bytes).Status));
}
