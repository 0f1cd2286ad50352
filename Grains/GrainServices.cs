using ChitChatz.Grains.Gateways;
using ChitChatz.Grains.Names;
using ChitChatz.Grains.Rooms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ChitChatz.Grains;

/// <summary>Registers what the grains of a silo need.</summary>
public static class GrainServices
{
    /// <summary>
    /// Adds the grains' services and background loops to a silo. The silo must also have an <c>ILogWriter</c>, an <c>IMessageLog</c>, an <c>ILogRetention</c>
    /// and the stream provider named <c>StreamNames.Provider</c>.
    /// </summary>
    public static ISiloBuilder AddChitChatzGrains(this ISiloBuilder builder)
    {
        builder.Services.AddChitChatzGrains();
        return builder;
    }

    /// <inheritdoc cref="AddChitChatzGrains(ISiloBuilder)"/>
    public static IServiceCollection AddChitChatzGrains(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new RoomLimits());
        services.TryAddSingleton(new RetentionPolicy());
        services.TryAddSingleton<GrainsInstruments>();
        services.TryAddSingleton<StreamInboxes>();
        services.TryAddSingleton<IInboxes>(provider => provider.GetRequiredService<StreamInboxes>());
        services.TryAddSingleton<LiveGatewayCache>();
        services.TryAddSingleton<RoomHandover>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<RoomHandover>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, HandoverScouts>();
        return services.AddSiloLoop<RoomReporter>().AddSiloLoop<InboxHeartbeat>().AddSiloLoop<SiloLossClock>();
    }

    private static IServiceCollection AddSiloLoop<T>(this IServiceCollection services)
        where T : SiloLoop
    {
        services.TryAddSingleton<T>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<T>());
        return services;
    }
}
