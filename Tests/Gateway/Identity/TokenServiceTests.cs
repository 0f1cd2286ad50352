using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using ChitChatz.Gateway.Identity;
using ChitChatz.Protocol;
using CsCheck;
using Xunit;

namespace ChitChatz.Tests.Gateway.Identity;

public sealed class TokenServiceTests : IDisposable
{
    private readonly TokenTestBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Fact]
    public void Verify_WhenJustIssued_GivesTheClaims()
    {
        var verdict = _bed.Tokens.Verify(TokenTestBed.Bytes(_bed.Tokens.Issue(TokenTestBed.Anna, "général ✨")));

        Assert.True(verdict.IsValid);
        Assert.Equal(TokenTestBed.Anna.Sub, verdict.Claims.Sub);
        Assert.Equal("Anna", verdict.Claims.Name);
        Assert.Equal("général ✨", verdict.Claims.Room);
        Assert.Equal(_bed.Time.GetUtcNow(), verdict.Claims.IssuedAt);
        Assert.Equal(_bed.Time.GetUtcNow().AddHours(1), verdict.Claims.ExpiresAt);
    }

    [Fact]
    public void Issue_WhenInNoRoom_WritesAllClaimsAndRoomAsNull()
    {
        using var claims = JsonDocument.Parse(Atob(_bed.Tokens.Issue(TokenTestBed.Anna, null).Split('.')[1]));

        Assert.Equal(["name", "room", "exp", "iat", "iss", "aud", "sub", "jti"], claims.RootElement.EnumerateObject().Select(claim => claim.Name));
        Assert.Equal(JsonValueKind.Null, claims.RootElement.GetProperty("room").ValueKind);
        Assert.Equal(22, claims.RootElement.GetProperty("jti").GetString()!.Length);
    }

    [Fact]
    public void Issue_WhenCalledTwice_GivesDifferentTokens() =>
        Assert.NotEqual(_bed.Tokens.Issue(TokenTestBed.Anna, null), _bed.Tokens.Issue(TokenTestBed.Anna, null));

    [Fact]
    public void Issue_WhateverNameAndRoom_GivesAPayloadForAtob()
    {
        // Mostly what needs escaping, so that every alignment of it is met.
        var character = Gen.OneOf(
            Gen.Char[">?~\u007f\"\\/<&+'-_"],
            Gen.Char[' ', '~'],
            Gen.Char['\u0000', '\u001f'],
            Gen.Char['\u0080', '\uD7FF'],
            Gen.Char['\uE000', '\uFFFF']).Select(c => c.ToString());
        var astral = Gen.Int[0x10000, 0x10FFFF].Select(char.ConvertFromUtf32);
        var text = Gen.OneOf(character, astral).Array[1, 24].Select(string.Concat);

        Gen.Select(text, text).Sample((name, room) =>
        {
            var token = _bed.Tokens.Issue(TokenTestBed.Anna with { Name = name }, room);
            var payload = token.Split('.')[1];
            Assert.DoesNotContain('-', payload);
            Assert.DoesNotContain('_', payload);

            using var claims = JsonDocument.Parse(Atob(payload));
            Assert.Equal(name, claims.RootElement.GetProperty("name").GetString());
            Assert.Equal(room, claims.RootElement.GetProperty("room").GetString());
            var verdict = _bed.Tokens.Verify(TokenTestBed.Bytes(token));
            Assert.True(verdict.IsValid);
            Assert.Equal(name, verdict.Claims.Name);
            Assert.Equal(room, verdict.Claims.Room);
        });
    }

    [Fact]
    public void Issue_WhenIssuerAndAudienceNeedEscapes_StillGivesAPayloadForAtob()
    {
        using var bed = new TokenTestBed(settings => (settings.Issuer, settings.Audience) = ("https://a.example/??>>~~", "???>>>~~~"));

        var token = bed.Tokens.Issue(TokenTestBed.Anna, null);

        Assert.DoesNotContain('-', token.Split('.')[1]);
        Assert.DoesNotContain('_', token.Split('.')[1]);
        Assert.Equal(TokenStatus.Valid, bed.Verify(token));
    }

    [Fact]
    public void Issue_WhenNameIsHalfASurrogatePair_StillGivesAGoodToken()
    {
        var verdict = _bed.Tokens.Verify(TokenTestBed.Bytes(_bed.Tokens.Issue(TokenTestBed.Anna with { Name = "a\uD83D" }, "\uDC00")));

        Assert.True(verdict.IsValid);
        Assert.Equal("a\uFFFD", verdict.Claims.Name);
    }

    [Theory]
    [InlineData("?")]
    [InlineData("?\u0301")]
    [InlineData("\u00e9")]
    [InlineData("\u4e00")]
    [InlineData("\U0001F600")]
    public void Issue_WhenNameAndRoomAreTheLongest_StaysBelowTheLimit(string grapheme)
    {
        static string Longest(string grapheme, int graphemes, int bytes)
        {
            // As many as the three bounds of the rules for names allow: graphemes, bytes, and six escaped characters per grapheme.
            var many = Math.Min(Math.Min(graphemes, bytes / Encoding.UTF8.GetByteCount(grapheme)), graphemes * 6 / Escaped(grapheme));
            return string.Concat(Enumerable.Repeat(grapheme, many));

            static int Escaped(string grapheme) => grapheme.Sum(unit => unit < 127 && unit != '?' ? 1 : 6);
        }

        using var bed = new TokenTestBed(settings => (settings.Issuer, settings.Audience) = (new string('i', 24), new string('a', 24)));
        Assert.Empty(bed.Settings.Failures());
        var token = bed.Tokens.Issue(TokenTestBed.Anna with { Name = Longest(grapheme, 64, 128) }, Longest(grapheme, 128, 256));

        Assert.InRange(token.Length, 1, WireLimits.MaxTokenBytes);
        Assert.Equal(TokenStatus.Valid, bed.Verify(token));
    }

    [Fact]
    public void Verify_WhenTimePasses_IsValidThroughTheSkewAndThenExpired()
    {
        var token = _bed.Tokens.Issue(TokenTestBed.Anna, null);

        _bed.Time.Advance(TimeSpan.FromSeconds(3600 + 29));
        Assert.Equal(TokenStatus.Valid, _bed.Verify(token));
        _bed.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TokenStatus.Expired, _bed.Verify(token));
        Assert.Null(_bed.Tokens.Verify(TokenTestBed.Bytes(token)).Claims.Sub);
    }

    [Fact]
    public void VerifyForRegister_WhenExpired_ProvesTheSubForTheHoursOfReclaim()
    {
        var token = TokenTestBed.Bytes(_bed.Tokens.Issue(TokenTestBed.Anna, "room"));

        _bed.Time.Advance(TimeSpan.FromHours(25));
        var late = _bed.Tokens.VerifyForRegister(token);
        _bed.Time.Advance(TimeSpan.FromSeconds(1));
        var tooLate = _bed.Tokens.VerifyForRegister(token);

        Assert.True(late.IsValid);
        Assert.Equal(TokenTestBed.Anna.Sub, late.Claims.Sub);
        Assert.Null(late.Claims.Room);
        Assert.Equal(TokenStatus.Expired, tooLate.Status);
    }

    [Fact]
    public void VerifyForRegister_WhenForged_IsInvalidEvenIfExpired()
    {
        var token = TokenTestBed.Sign(_bed.Header, _bed.Claims(), "another-secret-0123456789-ABCDEFGHIJ");
        _bed.Time.Advance(TimeSpan.FromHours(2));

        Assert.Equal(TokenStatus.Invalid, _bed.Tokens.VerifyForRegister(TokenTestBed.Bytes(token)).Status);
    }

    [Fact]
    public void WantsRefresh_WhenHalfOfItsLifeIsGone_IsTrue()
    {
        var claims = _bed.Tokens.Verify(TokenTestBed.Bytes(_bed.Tokens.Issue(TokenTestBed.Anna, null))).Claims;

        Assert.False(claims.WantsRefresh(_bed.Time.GetUtcNow().AddMinutes(29)));
        Assert.True(claims.WantsRefresh(_bed.Time.GetUtcNow().AddMinutes(30)));
    }

    [Fact]
    public void Guest_WhenMadeTwice_HasDifferentSubsOf128Bits()
    {
        var name = new ChitChatz.Protocol.CanonicalName("Anna", "anna");

        Assert.NotEqual(UserIdentity.Guest(name).Sub, UserIdentity.Guest(name).Sub);
        Assert.Equal(16, Base64Url.DecodeFromChars(UserIdentity.Guest(name).Sub).Length);
    }

    // What a browser's atob does: the standard alphabet, padding optional, and each byte one character.
    private static string Atob(string payload)
    {
        Assert.All(payload, c => Assert.Contains(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"));
        return Encoding.Latin1.GetString(Convert.FromBase64String(payload + new string('=', (4 - (payload.Length % 4)) % 4)));
    }
}
