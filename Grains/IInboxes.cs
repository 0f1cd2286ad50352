using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Grains;

/// <summary>The inboxes of the gateways. What is put into one is a hint that may be lost, so putting never fails for the caller.</summary>
public interface IInboxes
{
    /// <summary>Puts an item into a gateway's inbox. Never throws; a failure is counted and logged.</summary>
    ValueTask PublishAsync(GatewayId gateway, InboxItem item);
}
