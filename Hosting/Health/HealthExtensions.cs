using ChitChatz.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace ChitChatz.Hosting.Health;

/// <summary>Registers the health endpoints and what they ask.</summary>
public static class HealthExtensions
{
    /// <summary>Adds the management listener. Called once for each part of a process; the last default port wins, so that a Standalone has its gateway's.</summary>
    public static IServiceCollection AddManagement(this IServiceCollection services, int defaultPort)
    {
        services.AddSingleton(new DefaultManagementPort(defaultPort));
        if (services.Any(static service => service.ServiceType == typeof(ManagementServer)))
            return services;

        services.AddSettings<ManagementSettings>();
        services.AddSingleton<Pulse>();
        services.AddHostedService(static provider => provider.GetRequiredService<Pulse>());
        services.AddSingleton<ManagementServer>();
        services.AddHostedService(static provider => provider.GetRequiredService<ManagementServer>());
        return services;
    }

    /// <summary>Adds something that the process needs to be ready.</summary>
    public static IServiceCollection AddReadiness<T>(this IServiceCollection services)
        where T : class, IReadiness
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IReadiness, T>());
        return services;
    }
}
