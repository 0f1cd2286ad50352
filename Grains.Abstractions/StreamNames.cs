using Orleans.Runtime;

namespace ChitChatz.Grains.Abstractions;

/// <summary>The names under which grains and gateways meet on streams.</summary>
public static class StreamNames
{
    /// <summary>The stream provider's name, on silos and on clients.</summary>
    public const string Provider = "push";

    /// <summary>The namespace of the inbox streams, one stream per gateway process.</summary>
    public const string InboxNamespace = "inbox";

    /// <summary>The stream that brings <see cref="InboxItem"/>s to one gateway.</summary>
    public static StreamId Inbox(GatewayId gateway) => StreamId.Create(InboxNamespace, gateway.Value);
}
