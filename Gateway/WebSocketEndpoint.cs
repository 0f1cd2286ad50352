using System.Diagnostics;
using System.Net.WebSockets;
using ChitChatz.Gateway.Connections;
using ChitChatz.Gateway.Handshake;
using ChitChatz.Gateway.Limits;
using ChitChatz.Gateway.Transport;
using ChitChatz.Protocol;
using Microsoft.AspNetCore.Http.Features;

namespace ChitChatz.Gateway;

/// <summary>Takes WebSocket upgrades at every path and serves each connection to its end.</summary>
internal sealed class WebSocketEndpoint(ConnectionServices services, ConnectionWatch watch)
{
    /// <summary>Puts our transport below the WebSocket library. Runs before the library's middleware looks at the request.</summary>
    public Task WrapTransport(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } server)
        {
            TransportFeature wrapped = new(server, new TokenBucket(services.Limits.ControlFrames, services.Time), services.Time);
            context.Features.Set<IHttpUpgradeFeature>(wrapped);
            context.Features.Set(wrapped);
        }

        return next(context);
    }

    /// <summary>Serves a WebSocket that passed the handshake's gate; everything else goes on to the page.</summary>
    public async Task ServeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<HandshakeResult>() is not { } handshake)
        {
            await next(context);
            return;
        }

        if (watch.IsStopping)
        {
            services.Instruments.HandshakeRefused(HandshakeRefusal.Stopping);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
            return;
        }

        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault(),
            KeepAliveInterval = Seconds(services.Limits.PingSeconds),
            KeepAliveTimeout = Seconds(services.Limits.PongSeconds),
        });
        WebSocketTransport transport = context.Features.GetRequiredFeature<TransportFeature>().Transport!;
        ChatConnection connection = new(services, socket, transport, handshake, () => Cut(context));
        // What happens on the connection is not part of the request that opened it, which lasts until the end.
        Activity.Current = null;
        ChatConnectionLog.Opened(services.Logger, connection.Number, context.Connection.RemoteIpAddress);
        Task served = connection.RunAsync(context.RequestAborted);
        if (watch.IsStopping)
        {
            // The stop began after the look above; its goodbye may have passed this one by.
            connection.Close(CloseCodes.Restart, error: null);
        }

        await served;
        ChatConnectionLog.Ended(services.Logger, connection.Number);
    }

    private static void Cut(HttpContext context)
    {
        try
        {
            context.Abort();
        }
        catch (ObjectDisposedException)
        {
            // The request ended in this moment by itself.
        }
    }

    private static TimeSpan Seconds(int seconds) => seconds > 0 ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan;
}
