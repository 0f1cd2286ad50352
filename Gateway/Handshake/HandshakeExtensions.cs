using ChitChatz.Hosting.Configuration;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ChitChatz.Gateway.Handshake;

/// <summary>Registers what a handshake passes on its way in.</summary>
public static class HandshakeExtensions
{
    /// <summary>Adds the gate, the origin policy and the trusted proxies. Needs the limits and the identity.</summary>
    public static IServiceCollection AddChitChatzHandshake(this IServiceCollection services)
    {
        services.AddSettings<GatewaySettings>();
        services.AddSingleton<IConfigureOptions<ForwardedHeadersOptions>, ForwardedHeadersSetup>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelLimits>();
        services.AddSingleton<OriginPolicy>();
        services.AddSingleton<HandshakeGate>();
        return services;
    }

    /// <summary>Puts the proxies' headers and the gate into the pipeline. Comes after <c>UseWebSockets</c>, and before all that ends a handshake.</summary>
    public static IApplicationBuilder UseChitChatzHandshake(this IApplicationBuilder app)
    {
        // Without a list of proxies the framework would believe everybody.
        if (app.ApplicationServices.GetRequiredService<IOptions<GatewaySettings>>().Value.TrustedProxies.Length > 0)
            app.UseForwardedHeaders();
        var gate = app.ApplicationServices.GetRequiredService<HandshakeGate>();
        app.Use((context, next) =>
        {
            gate.WarnOfProxy(context);
            return next(context);
        });
        return app.Use(gate.InvokeAsync);
    }
}
