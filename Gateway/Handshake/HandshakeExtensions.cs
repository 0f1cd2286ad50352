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
        // Settings are read with the first request and not here, where one section's bad ones would hide those of the others.
        // Without a list of proxies the framework would believe everybody.
        app.UseWhen(
            static context => context.RequestServices.GetRequiredService<IOptions<GatewaySettings>>().Value.TrustedProxies.Length > 0,
            static trusting => trusting.UseForwardedHeaders());
        app.Use(static (context, next) =>
        {
            context.RequestServices.GetRequiredService<HandshakeGate>().WarnOfProxy(context);
            return next(context);
        });
        return app.Use(static (context, next) => context.RequestServices.GetRequiredService<HandshakeGate>().InvokeAsync(context, next));
    }
}
