using ChitChatz.Gateway.Handshake;
using ChitChatz.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Xunit;

namespace ChitChatz.Tests.Gateway.Identity;

public sealed class CookieIdentityTests : IDisposable
{
    private readonly TokenTestBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Fact]
    public void Read_WhenTheOriginIsAllowed_ProvesTheSubForTheTokensNameOnly()
    {
        var claim = Read($"theme=dark; jwt={_bed.Tokens.Issue(TokenTestBed.Anna, null)}");

        Assert.Equal(TokenTestBed.Anna.Sub, claim?.SubFor("anna"));
        Assert.Null(claim?.SubFor("bob"));
    }

    [Fact]
    public void Read_WhenTheValueIsUrlEncoded_ReadsIt() =>
        Assert.NotNull(Read($"jwt={_bed.Tokens.Issue(TokenTestBed.Anna, null).Replace(".", "%2E", StringComparison.Ordinal)}"));

    [Theory]
    [InlineData(OriginVerdict.Missing)]
    [InlineData(OriginVerdict.Refused)]
    public void Read_WhenTheOriginIsNotPresentAndAllowed_IsNull(OriginVerdict origin) =>
        Assert.Null(Read($"jwt={_bed.Tokens.Issue(TokenTestBed.Anna, null)}", origin));

    [Fact]
    public void Read_WhenSwitchedOff_IsNull() =>
        Assert.Null(Read($"jwt={_bed.Tokens.Issue(TokenTestBed.Anna, null)}", enabled: false));

    [Theory]
    [InlineData("")]
    [InlineData("jwt=")]
    [InlineData("jwt=abc")]
    [InlineData("jwt=undefined")]
    [InlineData("jwt=%%%;;;=")]
    [InlineData("JWT=abc; jwt")]
    public void Read_WhenTheCookieHoldsNoTokenOfOurs_IsNull(string cookie) => Assert.Null(Read(cookie));

    [Fact]
    public void Read_WhenTheTokenIsForged_IsNull() =>
        Assert.Null(Read($"jwt={TokenTestBed.Sign(_bed.Header, _bed.Claims(), "another-secret-0123456789-ABCDEFGHIJ")}"));

    [Fact]
    public void Read_WhenTheRulesRefuseTheTokensName_IsNull() =>
        Assert.Null(Read($"jwt={_bed.Tokens.Issue(TokenTestBed.Anna with { Name = "refused" }, null)}"));

    [Fact]
    public void Read_WhenTheTokenEndedADayAgo_StillProvesTheSub()
    {
        var cookie = $"jwt={_bed.Tokens.Issue(TokenTestBed.Anna, null)}";
        _bed.Time.Advance(TimeSpan.FromHours(24));

        Assert.NotNull(Read(cookie));
    }

    private CookieClaim? Read(string cookie, OriginVerdict origin = OriginVerdict.Allowed, bool enabled = true)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Cookie = cookie;
        var cookies = new CookieIdentity(_bed.Tokens, Options.Create(new GatewaySettings { CookieIdentity = enabled }), name => name == "refused" ? null : name.ToLowerInvariant());
        return cookies.Read(context.Request, origin);
    }
}
