using ChitChatz.Hosting.Configuration;

namespace ChitChatz.Gateway.Identity;

/// <summary>The section <c>Jwt</c>: how tokens are signed and how long they count.</summary>
public sealed class JwtSettings : ISettings
{
    /// <summary>The section's name.</summary>
    public static string Section => "Jwt";

    /// <summary>
    /// The key for signing, as text of at least 32 bytes; also read from the plain setting <c>SECRET</c>. Without one, a random key
    /// is made in the data folder, which only processes of one machine can share.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>Former secrets, whose tokens still count. Take one out a <see cref="LifetimeMinutes"/> after the change; that works without a restart.</summary>
    public string[] PreviousSecrets { get; set; } = [];

    /// <summary>Who issues our tokens (<c>iss</c>): 1 to 24 printable ASCII characters except &gt; ? ~ " \, which would be escaped and make tokens too long. Two services with one secret need two.</summary>
    public string Issuer { get; set; } = "chitchatz";

    /// <summary>Whom our tokens are for (<c>aud</c>): characters as in <see cref="Issuer"/>.</summary>
    public string Audience { get; set; } = "chitchatz";

    /// <summary>Minutes that a token counts, 1 to 1440; 60. A live client gets a fresh one at half of it; longer helps only thieves.</summary>
    public int LifetimeMinutes { get; set; } = 60;

    /// <summary>Hours after its end that a token still proves who comes back to register, 0 (off) to 720; 24, so that a laptop that slept keeps its identity.</summary>
    public int ReclaimHours { get; set; } = 24;

    /// <summary>Seconds by which the clocks of gateways may differ, 0 to 300; 30, because time synchronisation is better than the usual five minutes.</summary>
    public int ClockSkewSeconds { get; set; } = 30;

    internal TimeSpan Lifetime => TimeSpan.FromMinutes(LifetimeMinutes);

    internal TimeSpan Reclaim => TimeSpan.FromHours(ReclaimHours);

    internal TimeSpan ClockSkew => TimeSpan.FromSeconds(ClockSkewSeconds);

    /// <inheritdoc/>
    public IEnumerable<string> Failures()
    {
        if (Secret is not null && SecretStrength.Weakness(Secret) is { } weakness)
            yield return $"Jwt:Secret (or SECRET) {weakness}";
        for (var i = 0; i < PreviousSecrets.Length; i++)
            if (SecretStrength.Weakness(PreviousSecrets[i]) is { } old)
                yield return $"Jwt:PreviousSecrets:{i} {old}";
        if (!IsWord(Issuer))
            yield return "Jwt:Issuer must be 1 to 24 printable ASCII characters except > ? ~ \" and \\.";
        if (!IsWord(Audience))
            yield return "Jwt:Audience must be 1 to 24 printable ASCII characters except > ? ~ \" and \\.";
        if (LifetimeMinutes is < 1 or > 1440)
            yield return $"Jwt:LifetimeMinutes must be 1 to 1440; it is {LifetimeMinutes}.";
        if (ReclaimHours is < 0 or > 720)
            yield return $"Jwt:ReclaimHours must be 0 to 720; it is {ReclaimHours}.";
        if (ClockSkewSeconds is < 0 or > 300)
            yield return $"Jwt:ClockSkewSeconds must be 0 to 300; it is {ClockSkewSeconds}.";
    }

    private static bool IsWord(string? value) => value is { Length: >= 1 and <= 24 } && value.All(c => c is >= ' ' and < '~' and not ('>' or '?' or '"' or '\\'));
}
