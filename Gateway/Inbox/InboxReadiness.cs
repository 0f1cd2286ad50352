using ChitChatz.Hosting.Health;

namespace ChitChatz.Gateway.Inbox;

/// <summary>A gateway is ready while a silo is heard whose log takes messages.</summary>
internal sealed class InboxReadiness(InboxSubscription inbox) : IReadiness
{
    public string? Problem => inbox.Problem;
}
