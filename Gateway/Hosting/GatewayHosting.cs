using ChitChatz.Gateway.Handshake;
using ChitChatz.Gateway.Identity;
using ChitChatz.Gateway.Limits;
using ChitChatz.Gateway.Page;
using ChitChatz.Hosting;
using ChitChatz.Hosting.Configuration;
using ChitChatz.Hosting.Health;
using ChitChatz.Hosting.Logging;
using Microsoft.Extensions.Options;

namespace ChitChatz.Gateway.Hosting;

/// <summary>Composes a gateway; for the Gateway executable, and for Standalone beside a silo.</summary>
public static class GatewayHosting
{
    /// <summary>A builder whose settings file lies beside the program, wherever that was started from.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args) =>
        WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

    /// <summary>Adds the gateway. With a silo in this process (added before) its cluster client serves; else one is made.</summary>
    public static WebApplicationBuilder AddChitChatzGateway(this WebApplicationBuilder builder)
    {
        builder.AddChitChatzDefaults();
        // What it says of a request it says at Information; for that it keeps a scope and an activity, here for as long as a connection lives.
        builder.Logging.AddDefaultLevel("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.AddManagement(defaultPort: 3900);
        builder.AddListener();
        builder.Services.AddChitChatzLimits();
        builder.Services.AddChitChatzHandshake();
        builder.Services.AddChitChatzIdentity(KeyFolder);
        if (!builder.Services.Any(descriptor => descriptor.ServiceType == typeof(SiloInProcess)))
            builder.AddSiloClient();

        // After the client: connections start when silos can be called, and stop before.
        builder.Services.AddConnections();
        return builder;
    }

    /// <summary>Maps what the gateway answers: WebSockets on any path, the page at <c>/</c>, and nothing else.</summary>
    public static WebApplication MapChitChatz(this WebApplication app)
    {
        // The endpoint is made by the first request and not here, where one section's bad settings would hide those of the others.
        app.UseSecurityHeaders();
        app.Use(static (context, next) => context.RequestServices.GetRequiredService<WebSocketEndpoint>().WrapTransport(context, next));
        app.UseWebSockets();
        app.UseChitChatzHandshake();
        app.Use(static (context, next) => context.RequestServices.GetRequiredService<WebSocketEndpoint>().ServeAsync(context, next));
        app.UsePage();
        return app;
    }

    // Made only for a key that has to be kept: a gateway with a configured secret may run where nothing can be written.
    private static string KeyFolder(IServiceProvider services)
    {
        var folder = services.GetRequiredService<DataFolder>();
        return services.GetRequiredService<IOptions<JwtSettings>>().Value.Secret is null ? folder.Ensure() : folder.Path;
    }
}
