using ChitChatz.Gateway.Handshake;
using ChitChatz.Hosting.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ChitChatz.Gateway.Hosting;

/// <summary>Where and how the gateway listens; the limits of a handshake are those of the Limits section.</summary>
internal static class Listener
{
    public static void AddListener(this WebApplicationBuilder builder)
    {
        // Told with the failures of all settings. Looked for now, since what is said to the host stands in the configuration afterwards.
        UrlCheck check = new([.. ListenUrls.Failures(builder.Configuration)]);
        builder.Services.AddSingleton<IValidateOptions<GatewaySettings>>(check);
        builder.WebHost.UseUrls(ListenUrls.From(builder.Configuration));
        builder.WebHost.ConfigureKestrel(Configure);
        builder.Services.AddHostedService<ListenCheck>();
    }

    private static void Configure(KestrelServerOptions kestrel)
    {
        // A WebSocket starts as an HTTP/1.1 upgrade; the page needs nothing newer.
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        kestrel.Limits.MaxRequestHeaderCount = 64;
        // Nothing that we answer has a request body.
        kestrel.Limits.MaxRequestBodySize = 0;
    }

    private sealed class UrlCheck(string[] failures) : IValidateOptions<GatewaySettings>
    {
        public ValidateOptionsResult Validate(string? name, GatewaySettings options) =>
            failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
