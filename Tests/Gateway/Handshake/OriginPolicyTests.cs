using ChitChatz.Gateway.Handshake;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace ChitChatz.Tests.Gateway.Handshake;

public sealed class OriginPolicyTests
{
    [Theory]
    [InlineData("https://chat.example", "chat.example")]
    [InlineData("http://chat.example:8080", "chat.example:3000")]
    [InlineData("https://CHAT.example", "chat.EXAMPLE")]
    [InlineData("http://localhost:8080", "127.0.0.1:3000")]
    [InlineData("http://127.0.0.1:8080", "[::1]:3000")]
    [InlineData("http://[::1]", "localhost:3000")]
    [InlineData("http://[2001:db8::1]:80", "[2001:db8::1]:3000")]
    [InlineData("http://192.168.1.5:5173", "192.168.1.5:3000")]
    public void Check_WhenThePageIsOfTheSameHost_IsAllowed(string origin, string host) =>
        Assert.Equal(OriginVerdict.Allowed, Policy().Check(Request(host, origin)));

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("https://chat.example.evil.com")]
    [InlineData("https://evilchat.example")]
    [InlineData("https://sub.chat.example")]
    [InlineData("https://example")]
    [InlineData("https://chat.example.")]
    [InlineData("https://chat.example@evil.com")]
    [InlineData("https://evil.com@chat.example")]
    [InlineData("https://chat.example/")]
    [InlineData("https://chat.example/path")]
    [InlineData("https://chat.example?x")]
    [InlineData("https://chat.example#x")]
    [InlineData("https://chat.example\\.evil.com")]
    [InlineData("https://chat.example:")]
    [InlineData("https://chat.example:0")]
    [InlineData("https://chat.example:99999")]
    [InlineData("https://chat.example:+443")]
    [InlineData("https://chat.example:443:443")]
    [InlineData("https://chat.example https://chat.example")]
    [InlineData("https://chat.example, https://evil.example")]
    [InlineData(" https://chat.example")]
    [InlineData("https:/chat.example")]
    [InlineData("https:chat.example")]
    [InlineData("//chat.example")]
    [InlineData("chat.example")]
    [InlineData("file://chat.example")]
    [InlineData("chrome-extension://chat.example")]
    [InlineData("HTTPS://chat.example")]
    [InlineData("https://[chat.example]")]
    [InlineData("https://[]")]
    [InlineData("https://[::1")]
    [InlineData("https://ｃhat.example")]
    [InlineData("https://localhost")]
    [InlineData("https://localhost.chat.example")]
    [InlineData("https://127.0.0.1")]
    public void W1_Check_WhenThePageIsOfAnotherHostOrNone_IsRefused(string origin) =>
        Assert.Equal(OriginVerdict.Refused, Policy().Check(Request("chat.example", origin)));

    [Theory]
    [InlineData("")]
    [InlineData(":3000")]
    [InlineData("null")]
    public void Check_WhenTheRequestsHostIsGarbage_IsRefused(string host) =>
        Assert.Equal(OriginVerdict.Refused, Policy().Check(Request(host, "https://chat.example")));

    [Fact]
    public void Check_WhenTwoOriginsAreSent_IsRefused() =>
        Assert.Equal(OriginVerdict.Refused, Policy().Check(new StringValues(["https://chat.example", "https://chat.example"]), "chat.example"));

    [Theory]
    [InlineData("https://app.example", OriginVerdict.Allowed)]
    [InlineData("https://app.example:443", OriginVerdict.Allowed)]
    [InlineData("https://app.example:444", OriginVerdict.Refused)]
    [InlineData("http://app.example", OriginVerdict.Refused)]
    [InlineData("http://dev.example:5173", OriginVerdict.Allowed)]
    [InlineData("http://dev.example", OriginVerdict.Refused)]
    [InlineData("capacitor://localhost", OriginVerdict.Allowed)]
    [InlineData("https://x.app.example", OriginVerdict.Refused)]
    public void Check_WhenOriginsAreListed_TakesThemExactly(string origin, OriginVerdict expected) =>
        Assert.Equal(expected, Policy("https://app.example", "http://dev.example:5173", "capacitor://localhost").Check(Request("chat.example", origin)));

    [Theory]
    [InlineData(true, OriginVerdict.Missing)]
    [InlineData(false, OriginVerdict.Refused)]
    public void Check_WhenNoneIsSent_FollowsTheSetting(bool allowed, OriginVerdict expected)
    {
        var policy = new OriginPolicy(Options.Create(new GatewaySettings { AllowMissingOrigin = allowed }));

        Assert.Equal(expected, policy.Check(Request("chat.example", null)));
    }

    [Fact]
    public void Check_WhateverIsSent_NeverThrowsNorShowsMoreThanItShould() =>
        Gen.Select(Gen.String, Gen.String).Sample((origin, host) =>
        {
            Policy().Check(new StringValues(origin), host);
            var shown = OriginPolicy.Show(Request("h", origin));
            Assert.InRange(shown.Length, 1, 100);
            Assert.All(shown, c => Assert.InRange(c, '!', '~'));
        });

    [Fact]
    public void Failures_WhenOriginsAndProxiesAreMalformed_NameEachByItsPlace()
    {
        var settings = new GatewaySettings
        {
            AllowedOrigins = ["https://good.example", "https://bad.example/", "*"],
            TrustedProxies = ["10.0.0.5", "10.0.0.0/8", "::1", "fd00::/8", "10.0.0.0/99", "proxy.example"],
        };

        string[] failures = [.. settings.Failures()];

        Assert.Equal(4, failures.Length);
        Assert.StartsWith("Gateway:AllowedOrigins:1 ", failures[0], StringComparison.Ordinal);
        Assert.StartsWith("Gateway:AllowedOrigins:2 ", failures[1], StringComparison.Ordinal);
        Assert.StartsWith("Gateway:TrustedProxies:4 ", failures[2], StringComparison.Ordinal);
        Assert.StartsWith("Gateway:TrustedProxies:5 ", failures[3], StringComparison.Ordinal);
    }

    private static OriginPolicy Policy(params string[] allowed) => new(Options.Create(new GatewaySettings { AllowedOrigins = allowed }));

    private static HttpRequest Request(string host, string? origin)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Host = host;
        if (origin is not null)
            request.Headers.Origin = origin;
        return request;
    }
}
