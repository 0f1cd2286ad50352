using System.Net;

namespace ChitChatz.Gateway.Handshake;

internal static partial class HandshakeGateLog
{
    [LoggerMessage(LogLevel.Warning, "A page of {Origin} was refused, and will be without a further word. If it is yours, add that to Gateway:AllowedOrigins.")]
    public static partial void OriginRefused(this ILogger<HandshakeGate> logger, string origin);

    [LoggerMessage(LogLevel.Warning, "Pages of more than {Count} origins were refused; no further ones are named. Gateway:AllowedOrigins decides.")]
    public static partial void MoreOriginsRefused(this ILogger<HandshakeGate> logger, int count);

    [LoggerMessage(LogLevel.Warning, "A request from {Address} came with forwarding headers, which are ignored, now and later. If that is your proxy, add it to Gateway:TrustedProxies; until then all its clients share its address.")]
    public static partial void ForwardingIgnored(this ILogger<HandshakeGate> logger, IPAddress? address);
}
