namespace ChitChatz.Grains.Abstractions;

/// <summary>
/// A name and the sessions that live under it. The key is the name's canonical key. All sessions under a name share one sub.
/// </summary>
[Alias("chitchatz.IUserGrain")]
public interface IUserGrain : IGrainWithStringKey
{
    /// <summary>A session takes the name, or asserts again that it has it (every 5 minutes, and after the loss of a silo).</summary>
    /// <remarks>A stranger's claim may be held for 3 s after the loss of a silo, which the usual time-out would not outlast.</remarks>
    [Alias("Claim")]
    [ResponseTimeout("00:00:10")]
    Task<ClaimStatus> Claim(NameClaim claim);

    /// <summary>A session gives the name back. The last one to go frees it.</summary>
    [Alias("Release")]
    Task Release(GatewayId gateway, long connection);
}

/// <summary>A session's claim to a name.</summary>
/// <param name="Gateway">The session's gateway.</param>
/// <param name="Connection">The session's connection at that gateway.</param>
/// <param name="Sub">The session's identity.</param>
/// <param name="ClaimedAt">When the session first got the name (Unix ms): of two subs the older claim keeps it.</param>
/// <param name="Proven">True when a token proved the sub, or when a live session asserts again; false for a new guest.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.NameClaim")]
public sealed record NameClaim(
    [property: Id(0)] GatewayId Gateway,
    [property: Id(1)] long Connection,
    [property: Id(2)] string Sub,
    [property: Id(3)] long ClaimedAt,
    [property: Id(4)] bool Proven);

/// <summary>The answer to a <see cref="NameClaim"/>.</summary>
[GenerateSerializer]
public enum ClaimStatus
{
    /// <summary>The session holds the name.</summary>
    Granted,

    /// <summary>A live session of another sub holds it.</summary>
    Taken,
}
