using ChitChatz.Tests.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChitChatz.Tests.Gateway.Attacks;

/// <summary>THREATS W1-W6, F9, F10: requests that want to become a WebSocket, and connections that never ask.</summary>
public sealed class UpgradeTests(UpgradeTests.Server server) : IClassFixture<UpgradeTests.Server>
{
    private const string Key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    private const string Version = "Sec-WebSocket-Version: 13";

    /// <summary>Lines of a request after the host's, and the status of the answer.</summary>
    public static TheoryData<string, string, int> Refused => new()
    {
        { "GET / HTTP/1.1", $"Connection: Upgrade|Upgrade: websocket|{Version}", 400 },
        { "GET / HTTP/1.1", $"Connection: Upgrade|Upgrade: websocket|{Version}|Sec-WebSocket-Key: short", 400 },
        { "GET / HTTP/1.1", $"Connection: Upgrade|Upgrade: websocket|{Version}|Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!==", 400 },
        { "GET / HTTP/1.1", $"Connection: Upgrade|Upgrade: websocket|{Version}|{Key}|{Key}", 400 },
        { "GET / HTTP/1.1", $"Connection: Upgrade|Upgrade: websocket|{Key}", 426 },
        { "GET / HTTP/1.1", $"Connection: Upgrade|Upgrade: websocket|{Key}|Sec-WebSocket-Version: 12", 426 },
        { "GET /ws HTTP/1.1", $"Connection: Upgrade|Upgrade: websocket|{Key}|Sec-WebSocket-Version: x", 426 },
        { "POST / HTTP/1.1", $"Connection: Upgrade|Upgrade: websocket|{Version}|{Key}", 400 },
        { "POST /ws HTTP/1.1", $"Connection: Upgrade|Upgrade: websocket|{Version}|{Key}|Content-Length: 5", 400 },
        { "HEAD / HTTP/1.1", $"Connection: Upgrade|Upgrade: websocket|{Version}|{Key}", 400 },
        { "GET / HTTP/1.1", $"Connection: Upgrade|Upgrade: websocket|{Version}|{Key}|Content-Length: 5", 400 },
        { "GET / HTTP/1.0", $"Connection: Upgrade|Upgrade: websocket|{Version}|{Key}", 400 },
        { "GET / HTTP/1.1", "Upgrade: websocket", 426 },
        { "GET / HTTP/9.9", $"Connection: Upgrade|Upgrade: websocket|{Version}|{Key}", 505 },
        { "GET / HTTP/1.1", $"X-Long: {new string('x', 9_000)}", 431 },
        { "GET / HTTP/1.1", string.Join('|', Enumerable.Range(0, 101).Select(static i => $"X-{i}: y")), 431 },
        { $"GET /{new string('x', 9_000)} HTTP/1.1", "Connection: Upgrade", 414 },
        { "GET / HTTP/1.1", "Host: another.example", 400 },
        { "GET / HTTP/1.1", "Nonsense", 400 },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task W3W6_Request_WhenItIsNotAsTheRfcSays_IsRefused(string request, string lines, int status)
    {
        await using RawWebSocket eve = new();
        string head = await eve.RequestAsync(server.Url, $"{request}\r\nHost: {server.Url.Authority}\r\n{lines.Replace("|", "\r\n", StringComparison.Ordinal)}\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
        Assert.Equal(status == 426, head.Contains(Version, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("\r\nServer:", head, StringComparison.OrdinalIgnoreCase);
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    [Theory]
    [InlineData("https://evil.example", 403)]
    [InlineData("null", 403)]
    [InlineData("http://127.0.0.1.evil.example", 403)]
    [InlineData("http://evil127.0.0.1", 403)]
    [InlineData("http://127.0.0.1@evil.example", 403)]
    [InlineData("file://", 403)]
    [InlineData("", 403)]
    [InlineData("http://127.0.0.1", 101)]
    [InlineData("http://127.0.0.1:8080", 101)]
    [InlineData("https://127.0.0.1:444", 101)]
    [InlineData("http://localhost:3000", 101)]
    [InlineData("http://[::1]:3000", 101)]
    public async Task W1_Origin_IsTheHostsOwnOrRefused(string origin, int status)
    {
        await using RawWebSocket eve = new();
        Assert.StartsWith($"HTTP/1.1 {status} ", await eve.HandshakeAsync(server.Url, $"Origin: {origin}\r\n"), StringComparison.Ordinal);
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    [Theory]
    [InlineData("permessage-deflate")]
    [InlineData("permessage-deflate; client_max_window_bits, x-webkit-deflate-frame")]
    [InlineData("nonsense; a=b")]
    public async Task W4_Extensions_WhenOffered_AreNotNegotiated(string extensions)
    {
        await using RawWebSocket eve = new();
        string head = await eve.HandshakeAsync(server.Url, $"Sec-WebSocket-Extensions: {extensions}\r\n");
        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Sec-WebSocket-Extensions", head, StringComparison.OrdinalIgnoreCase);
        await eve.SendAsync(RawWebSocket.Frame(0xC1, [0xF2, 0x48, 0xCD, 0x04, 0x00]));
        Assert.Equal(1002, await eve.ReadToCloseAsync());
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    [Theory]
    [InlineData("Sec-WebSocket-Protocol: chat", "chat")]
    [InlineData("Sec-WebSocket-Protocol: first, second", "first")]
    [InlineData("Sec-WebSocket-Protocol: first\r\nSec-WebSocket-Protocol: second", "first")]
    public async Task Subprotocol_WhenOffered_IsEchoedTheFirst(string header, string echoed)
    {
        await using RawWebSocket eve = new();
        string head = await eve.HandshakeAsync(server.Url, $"{header}\r\n");
        Assert.Contains($"\r\nSec-WebSocket-Protocol: {echoed}\r\n", head, StringComparison.OrdinalIgnoreCase);
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/ws")]
    [InlineData("/any/other/path")]
    [InlineData("/ws?token=x")]
    [InlineData("/%00/../x")]
    public async Task Upgrade_AtAnyPath_IsServed(string path)
    {
        await using RawWebSocket eve = new();
        string head = await eve.RequestAsync(
            server.Url, $"GET {path} HTTP/1.1\r\nHost: {server.Url.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n{Version}\r\n{Key}\r\n\r\n");
        if (path.Contains('%', StringComparison.Ordinal))
        {
            // The server refuses paths with a NUL before anything of ours sees them.
            Assert.StartsWith("HTTP/1.1 400 ", head, StringComparison.Ordinal);
        }
        else
        {
            Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
            await eve.EnterAsync(SharedStandalone.Unique("eve"));
        }

        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET / HT")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")]
    public async Task F9F10_Connection_WhenItsRequestNeverComesToAnEnd_IsClosed(string beginning)
    {
        await using RawWebSocket eve = new();
        string head = await eve.RequestAsync(server.Url, beginning);
        Assert.True(head.Length == 0 || head.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal), head);
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public void F9_Deadlines_OfRequests_AreOurs()
    {
        KestrelServerLimits limits = server.App.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        Assert.Equal(TimeSpan.FromSeconds(1), limits.RequestHeadersTimeout);
        Assert.Equal(TimeSpan.FromSeconds(1), limits.KeepAliveTimeout);
        Assert.Equal(8_192, limits.MaxRequestHeadersTotalSize);
        Assert.Equal(0, limits.MaxRequestBodySize);
    }

    /// <summary>Waits for a request for a second.</summary>
    public sealed class Server : AttackedServer
    {
        protected override string[] Settings => ["--Limits:HandshakeSeconds=1"];
    }
}
