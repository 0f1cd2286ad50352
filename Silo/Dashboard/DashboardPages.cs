using System.Net;
using ChitChatz.Hosting.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Dashboard;

namespace ChitChatz.Silo.Dashboard;

/// <summary>
/// The Orleans dashboard below <c>/dashboard/</c> of the management listener. It has no authentication: the settings hold it to
/// loopback, and a page that lets its own name point to this machine (DNS rebinding) is refused by the name that it asks for.
/// </summary>
internal sealed class DashboardPages(IServiceProvider silo) : IManagementPages
{
    private const string Prefix = "/dashboard";

    public bool IsDashboard => true;

    public void Map(IApplicationBuilder app)
    {
        app.UseWhen(static context => context.Request.Path.StartsWithSegments(Prefix, StringComparison.OrdinalIgnoreCase), branch =>
        {
            branch.Use(Guard);
            branch.UseRouting();
            branch.UseEndpoints(routes => new SiloRoutes(routes, silo).MapOrleansDashboard(Prefix));
        });
    }

    private Task Guard(HttpContext context, RequestDelegate next)
    {
        string host = context.Request.Host.Host;
        if (!IPAddress.TryParse(host.Trim('[', ']'), out _) && !string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        // Its handlers ask for services of the silo.
        context.RequestServices = silo;
        return next(context);
    }

    /// <summary>Routes of the listener whose handlers are bound to services of the silo.</summary>
    private sealed class SiloRoutes(IEndpointRouteBuilder routes, IServiceProvider silo) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => silo;

        public ICollection<EndpointDataSource> DataSources => routes.DataSources;

        public IApplicationBuilder CreateApplicationBuilder() => routes.CreateApplicationBuilder();
    }
}
