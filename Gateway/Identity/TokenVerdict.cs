namespace ChitChatz.Gateway.Identity;

/// <summary>What a token is worth.</summary>
public enum TokenStatus
{
    /// <summary>Not ours, or not whole, or not signed by a key that counts. Says nothing about why: a forger learns nothing.</summary>
    Invalid,

    /// <summary>Ours, but its time is over.</summary>
    Expired,

    /// <summary>Ours, and it counts.</summary>
    Valid,
}

/// <summary>The result of checking a token: a value, because bad tokens are ordinary.</summary>
/// <param name="Status">What the token is worth.</param>
/// <param name="Claims">What it says; only to be read when it is valid.</param>
public readonly record struct TokenVerdict(TokenStatus Status, TokenClaims Claims)
{
    /// <summary>Whether the claims count.</summary>
    public bool IsValid => Status == TokenStatus.Valid;

    internal string? Kid { get; init; }
}

/// <summary>What a token says.</summary>
/// <param name="Sub">Who holds it.</param>
/// <param name="Name">The holder's name when it was issued.</param>
/// <param name="Room">The room when it was issued. Informs, and gives no rights.</param>
/// <param name="IssuedAt">When it was issued.</param>
/// <param name="ExpiresAt">When it ends.</param>
public readonly record struct TokenClaims(string Sub, string Name, string? Room, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>Whether half of its life is gone, so that the holder should be sent a fresh one.</summary>
    public bool WantsRefresh(DateTimeOffset now) => now - IssuedAt >= (ExpiresAt - IssuedAt) / 2;
}
