using ChitChatz.Gateway.Identity;
using ChitChatz.Gateway.Limits;
using ChitChatz.Gateway.Rooms;
using ChitChatz.Gateway.Sessions;
using ChitChatz.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChitChatz.Gateway.Connections;

/// <summary>What every connection of this process works with; one object, so that a connection holds one reference.</summary>
internal sealed class ConnectionServices(
    ConnectionRegistry registry,
    LocalRooms rooms,
    NameKeeper names,
    NameRules nameRules,
    TokenService tokens,
    NewRoomLimits newRooms,
    IOptions<LimitsSettings> limits,
    IOptions<JwtSettings> jwt,
    GatewayInstruments instruments,
    TimeProvider time,
    ILogger<ChatConnection> logger)
{
    public ConnectionRegistry Registry => registry;

    public LocalRooms Rooms => rooms;

    public NameKeeper Names => names;

    public NameRules NameRules => nameRules;

    public TokenService Tokens => tokens;

    public TimeSpan TokenLifetime { get; } = jwt.Value.Lifetime;

    public NewRoomLimits NewRooms => newRooms;

    public LimitsSettings Limits { get; } = limits.Value;

    public GatewayInstruments Instruments => instruments;

    public TimeProvider Time => time;

    public ILogger Logger => logger;
}
