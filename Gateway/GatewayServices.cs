using ChitChatz.Gateway.Connections;
using ChitChatz.Gateway.Identity;
using ChitChatz.Gateway.Inbox;
using ChitChatz.Gateway.RoomList;
using ChitChatz.Gateway.Rooms;
using ChitChatz.Gateway.Sessions;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Hosting.Configuration;
using ChitChatz.Hosting.Health;
using ChitChatz.Protocol;
using Microsoft.Extensions.Options;

namespace ChitChatz.Gateway;

/// <summary>Registers what turns frames into calls on grains and pushes into frames.</summary>
internal static class GatewayServices
{
    /// <summary>
    /// Adds connections, rooms and the inbox. Needs the identity, the limits, the handshake and a cluster client. The order is that of
    /// the start: the inbox is subscribed and the list of rooms read before a connection is taken. They stop the other way round.
    /// </summary>
    public static IServiceCollection AddConnections(this IServiceCollection services)
    {
        services.AddSingleton(new ThisGateway(GatewayId.New()));
        services.AddSettings<NamesSettings>();
        services.AddSingleton(static provider => new NameRules(provider.GetRequiredService<IOptions<NamesSettings>>().Value.All));
        services.AddMetrics();
        services.AddSingleton<GatewayInstruments>();
        services.AddSingleton<ConnectionRegistry>();
        services.AddSingleton<ConnectionServices>();
        services.AddSingleton<WebSocketEndpoint>();
        services.AddSingleton<Func<string, IRoomGrain>>(static provider =>
        {
            IGrainFactory grains = provider.GetRequiredService<IGrainFactory>();
            return key => grains.GetGrain<IRoomGrain>(key);
        });
        services.AddSingleton<LocalRooms>();
        services.AddSingleton(static provider => provider.GetRequiredService<LocalRooms>().List);
        services.AddSingletonHosted<FanOutLoops>();
        services.AddSingletonHosted<RoomKeeper>();
        services.AddSingletonHosted<NameKeeper>();
        services.AddSingletonHosted<RoomListPusher>();
        services.AddSingletonHosted<InboxSubscription>();
        services.AddReadiness<InboxReadiness>();
        services.AddSingletonHosted<KeyComparison>();
        services.AddSingleton<IReadiness>(static provider => provider.GetRequiredService<KeyComparison>());
        services.AddSingletonHosted<DirectorySync>();
        services.AddSingletonHosted<ConnectionWatch>();
        return services;
    }

    private static void AddSingletonHosted<T>(this IServiceCollection services)
        where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(static provider => provider.GetRequiredService<T>());
    }
}
