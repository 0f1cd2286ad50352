using System.Net;
using Xunit;

namespace ChitChatz.Tests.Gateway.Handshake;

public sealed class HandshakeGateTests
{
    private const string Refused = "chitchatz.gateway.handshakes.refused";

    private static readonly (string, string) ThroughProxy = ("X-Forwarded-For", "203.0.113.7");

    [Fact]
    public async Task Handshake_WhenDirectFromLoopback_PassesExempt()
    {
        await using var server = await GateServer.Start();

        var (found, socket) = await server.Connect();

        using (socket)
            Assert.Equal("127.0.0.1 127.0.0.1 http Missing exempt", found);
        Assert.Empty(server.Log.Warnings);
    }

    [Fact]
    public async Task Handshake_WhenThePageIsServedFromAnotherPort_PassesAllowed()
    {
        await using var server = await GateServer.Start();

        var (found, socket) = await server.Connect(("Origin", "http://localhost:8080"));

        using (socket)
            Assert.Equal("127.0.0.1 127.0.0.1 http Allowed exempt", found);
    }

    [Fact]
    public async Task W1_Handshake_WhenThePageIsForeign_Is403AndWarnsOncePerOrigin()
    {
        await using var server = await GateServer.Start();

        using var first = await server.Ask(("Origin", "https://evil.example"));
        using var again = await server.Ask(("Origin", "https://evil.example"));
        using var sandboxed = await server.Ask(("Origin", "null"));

        Assert.Equal(HttpStatusCode.Forbidden, first.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, sandboxed.StatusCode);
        var body = await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("https://evil.example", body, StringComparison.Ordinal);
        Assert.Contains("Gateway:AllowedOrigins", body, StringComparison.Ordinal);
        Assert.Equal(2, server.Log.Warnings.Count);
        Assert.Equal((3, 3), (server.Levels[Refused], server.Levels[$"{Refused} origin"]));
        Assert.Equal(0, server.Limits.Total);
    }

    [Fact]
    public async Task Handshake_WhenOriginsAreEndless_WarnsOfAHundredAndOnceMore()
    {
        await using var server = await GateServer.Start();

        for (var i = 0; i < 150; i++)
            (await server.Ask(("Origin", $"https://evil{i}.example"))).Dispose();

        Assert.Equal(101, server.Log.Warnings.Count);
    }

    [Fact]
    public async Task Handshake_WhenTheOriginIsLongAndHostile_ShowsLittleOfIt()
    {
        await using var server = await GateServer.Start();

        using var refused = await server.Ask(("Origin", "<script>\u001b[31m" + new string('x', 3000)));

        var body = await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(body.Length < 300, body);
        Assert.DoesNotContain('<', body);
    }

    [Fact]
    public async Task W5_Handshake_WhenTheProxyIsNotTrusted_IgnoresItsHeadersAndWarnsOnce()
    {
        await using var server = await GateServer.Start();

        for (var i = 0; i < 3; i++)
        {
            var (found, socket) = await server.Connect(ThroughProxy, ("X-Forwarded-Host", "chat.example"), ("X-Forwarded-Proto", "https"));
            using (socket)
                Assert.Equal("127.0.0.1 127.0.0.1 http Missing counted", found);
        }

        Assert.Contains("Gateway:TrustedProxies", Assert.Single(server.Log.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.0/8")]
    public async Task W5_Handshake_WhenTheProxyIsTrusted_TakesItsHeaders(string proxy)
    {
        await using var server = await GateServer.Start(("Gateway:TrustedProxies:0", proxy));

        var (found, socket) = await server.Connect(ThroughProxy, ("X-Forwarded-Host", "chat.example"), ("X-Forwarded-Proto", "https"), ("Origin", "https://chat.example"));

        using (socket)
            Assert.Equal("203.0.113.7 chat.example https Allowed counted", found);
        Assert.Empty(server.Log.Warnings);
    }

    [Fact]
    public async Task W5_Handshake_WhenTheClientForgedAHop_TakesTheOneThatTheProxySaw()
    {
        await using var server = await GateServer.Start(("Gateway:TrustedProxies:0", "127.0.0.1"));

        var (found, socket) = await server.Connect(("X-Forwarded-For", "198.51.100.99, 203.0.113.7"));

        using (socket)
            Assert.StartsWith("203.0.113.7 ", found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task W5_Handshake_WhenAnotherProxyIsTrusted_IgnoresTheHeadersAndWarns()
    {
        await using var server = await GateServer.Start(("Gateway:TrustedProxies:0", "10.0.0.1"));

        var (found, socket) = await server.Connect(ThroughProxy);

        using (socket)
            Assert.StartsWith("127.0.0.1 ", found, StringComparison.Ordinal);
        Assert.Single(server.Log.Warnings);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("X-Real-IP", "127.0.0.1")]
    [InlineData("Via", "1.1 proxy")]
    public async Task Handshake_WhenItWasForwarded_IsNeverLoopback(string header, string value)
    {
        foreach (var trusted in new[] { "127.0.0.1", "10.0.0.1" })
        {
            await using var server = await GateServer.Start(("Gateway:TrustedProxies:0", trusted));

            var (found, socket) = await server.Connect((header, value));

            using (socket)
                Assert.EndsWith(" counted", found, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Handshake_WhenTheAddressIsTooFast_Is429WithRetryAfter()
    {
        await using var server = await GateServer.Start(("Limits:NewConnectionsPerSecondPerIp", "1"), ("Limits:NewConnectionsBurstPerIp", "1"));
        var (_, socket) = await server.Connect(ThroughProxy);

        using (socket)
        {
            using var refused = await server.Ask(ThroughProxy);

            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
            Assert.Equal((1, 1), (server.Levels[Refused], server.Levels[$"{Refused} address_rate"]));
        }
    }

    [Fact]
    public async Task Handshake_WhenTheAddressHasTooMany_Is429()
    {
        await using var server = await GateServer.Start(("Limits:ConnectionsPerIp", "1"));
        var (_, socket) = await server.Connect(ThroughProxy);

        using (socket)
        {
            using var refused = await server.Ask(ThroughProxy);

            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Equal((1, 1), (server.Levels[Refused], server.Levels[$"{Refused} address_connections"]));
        }
    }

    [Fact]
    public async Task Handshake_WhenTheProcessIsFull_Is503()
    {
        await using var server = await GateServer.Start(("Limits:MaxConnections", "1"));
        var (_, socket) = await server.Connect();

        using (socket)
        {
            using var refused = await server.Ask();
            using var page = await new HttpClient().GetAsync(server.Address, TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Equal((1, 1), (server.Levels[Refused], server.Levels[$"{Refused} full"]));
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }
    }

    [Fact]
    public async Task Handshake_OfAnotherVersion_Is426AndCounted()
    {
        await using var server = await GateServer.Start();

        using var refused = await server.Ask(("Sec-WebSocket-Version", "12"));

        Assert.Equal(HttpStatusCode.UpgradeRequired, refused.StatusCode);
        Assert.Equal((1, 1), (server.Levels[Refused], server.Levels[$"{Refused} malformed"]));
    }

    [Fact]
    public async Task Handshake_WhenTheHeadersAreTooLong_Is431()
    {
        await using var server = await GateServer.Start();

        using var refused = await server.Ask(("X-Padding", new string('a', 9000)));

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, refused.StatusCode);
        Assert.False(refused.Headers.Contains("Server"));
    }
}
