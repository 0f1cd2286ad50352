using ChitChatz.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ChitChatz.Gateway.Limits;

/// <summary>Registers the limits.</summary>
public static class LimitsExtensions
{
    /// <summary>Adds <see cref="LimitsSettings"/> and what counts across connections.</summary>
    public static IServiceCollection AddChitChatzLimits(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSettings<LimitsSettings>();
        services.AddSingleton<AddressLimits>();
        services.AddSingleton<NewRoomLimits>();
        return services;
    }
}
