using System.Collections.Concurrent;
using System.Globalization;
using ChitChatz.Gateway.Identity;
using ChitChatz.Gateway.Limits;

namespace ChitChatz.Gateway.Handshake;

/// <summary>
/// Stands before the WebSocket handshake: an address that floods gets 429, a full process says 503, a foreign page gets 403. Whoever
/// passes carries a <see cref="HandshakeResult"/> in the request's features until the connection has ended.
/// </summary>
internal sealed class HandshakeGate(AddressLimits addresses, OriginPolicy origins, CookieIdentity cookies, GatewayInstruments instruments, ILogger<HandshakeGate> logger)
{
    // One warning each; then one that says there are more, and silence: their number is a stranger's choice.
    private const int MaxOriginsWarned = 100;

    private readonly ConcurrentDictionary<string, bool> _warned = new(StringComparer.Ordinal);
    private int _warnedOfProxy;
    private int _warnedOfMore;

    /// <summary>Says once that forwarding headers were ignored. Runs after what takes those of trusted proxies.</summary>
    public void WarnOfProxy(HttpContext context)
    {
        if (Volatile.Read(ref _warnedOfProxy) == 0 && ForwardingHeaders.WereIgnored(context.Request.Headers) && Interlocked.Exchange(ref _warnedOfProxy, 1) == 0)
            logger.ForwardingIgnored(context.Connection.RemoteIpAddress);
    }

    /// <summary>Lets a WebSocket handshake through, or answers it. All other requests pass.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (MalformedHandshake.StatusOf(context) is { } malformed)
        {
            instruments.HandshakeRefused(HandshakeRefusal.Malformed);
            MalformedHandshake.Refuse(context.Response, malformed);
            return;
        }

        if (!context.WebSockets.IsWebSocketRequest)
        {
            await next(context);
            return;
        }

        // The address first, so that a foreign page that makes its visitors knock pays for it too.
        var verdict = addresses.TryConnect(context.Connection.RemoteIpAddress, ForwardingHeaders.IsDirectLoopback(context));
        if (verdict.Lease is null)
        {
            await RefuseAddress(context, verdict);
            return;
        }

        using var lease = verdict.Lease;
        var origin = origins.Check(context.Request);
        if (origin == OriginVerdict.Refused)
        {
            await RefuseOrigin(context);
            return;
        }

        context.Features.Set(new HandshakeResult(lease, origin, cookies.Read(context.Request, origin)));
        await next(context);
    }

    private Task RefuseAddress(HttpContext context, AddressVerdict verdict)
    {
        var (reason, status, setting) = verdict.Refusal switch
        {
            AddressRefusal.TooFast => (HandshakeRefusal.AddressTooFast, StatusCodes.Status429TooManyRequests, "Limits:NewConnectionsPerSecondPerIp"),
            AddressRefusal.TooMany => (HandshakeRefusal.AddressTooMany, StatusCodes.Status429TooManyRequests, "Limits:ConnectionsPerIp"),
            _ => (HandshakeRefusal.Full, StatusCodes.Status503ServiceUnavailable, "Limits:MaxConnections"),
        };
        instruments.HandshakeRefused(reason);
        var seconds = Math.Max(1, (int)Math.Ceiling(verdict.RetryAfter.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Answer(context, status, $"Too many connections ({setting}). Come back in {seconds} s.\n");
    }

    private Task RefuseOrigin(HttpContext context)
    {
        instruments.HandshakeRefused(HandshakeRefusal.Origin);
        var shown = OriginPolicy.Show(context.Request);
        if (_warned.Count < MaxOriginsWarned)
        {
            if (_warned.TryAdd(shown, true))
                logger.OriginRefused(shown);
        }
        else if (!_warned.ContainsKey(shown) && Interlocked.Exchange(ref _warnedOfMore, 1) == 0)
            logger.MoreOriginsRefused(MaxOriginsWarned);

        var setting = context.Request.Headers.Origin.Count == 0 ? "Gateway:AllowMissingOrigin" : "Gateway:AllowedOrigins";
        return Answer(context, StatusCodes.Status403Forbidden, $"The Origin {shown} may not connect here. The setting {setting} decides that.\n");
    }

    private static Task Answer(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
