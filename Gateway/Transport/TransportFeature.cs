using ChitChatz.Gateway.Limits;
using Microsoft.AspNetCore.Http.Features;

namespace ChitChatz.Gateway.Transport;

/// <summary>Puts a <see cref="WebSocketTransport"/> between the server's upgraded stream and the WebSocket library, which does the handshake.</summary>
internal sealed class TransportFeature(IHttpUpgradeFeature server, TokenBucket controlFrames, TimeProvider time) : IHttpUpgradeFeature
{
    /// <summary>The transport, once the request was upgraded.</summary>
    public WebSocketTransport? Transport { get; private set; }

    public bool IsUpgradableRequest => server.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync()
        => Transport = new WebSocketTransport(await server.UpgradeAsync(), controlFrames, time);
}
