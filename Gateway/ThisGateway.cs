using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Gateway;

/// <summary>This process among the gateways of the cluster.</summary>
internal sealed record ThisGateway(GatewayId Id);
