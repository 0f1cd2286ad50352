using ChitChatz.Hosting.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChitChatz.Gateway.Hosting;

/// <summary>Where and how the gateway listens; the limits of a handshake are those of the Limits section.</summary>
internal static class Listener
{
    public static void AddListener(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseUrls(ListenUrls.From(builder.Configuration));
        builder.WebHost.ConfigureKestrel(Configure);
    }

    private static void Configure(KestrelServerOptions kestrel)
    {
        // A WebSocket starts as an HTTP/1.1 upgrade; the page needs nothing newer.
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        kestrel.Limits.MaxRequestHeaderCount = 64;
        // Nothing that we answer has a request body.
        kestrel.Limits.MaxRequestBodySize = 0;
    }
}
