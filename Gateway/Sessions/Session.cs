using ChitChatz.Gateway.Identity;

namespace ChitChatz.Gateway.Sessions;

/// <summary>Who a connection is: set by its first authentication, replaced only by a further register.</summary>
/// <param name="Identity">The holder.</param>
/// <param name="ClaimedAt">When the name was first claimed (Unix ms).</param>
internal sealed record Session(UserIdentity Identity, long ClaimedAt)
{
    /// <summary>When the claim was last asserted (a <see cref="TimeProvider"/> timestamp). Only <see cref="NameKeeper"/> writes it after the start.</summary>
    public long AssertedAt { get; set; }

    /// <summary>When the name's claim was answered while earlier attempts of it were not: one of them may still come, after a release. Written likewise.</summary>
    public long? LateClaimsSince { get; set; }
}
