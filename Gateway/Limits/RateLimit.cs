namespace ChitChatz.Gateway.Limits;

/// <summary>How often something may happen: a steady rate, and how much may come at once after a rest.</summary>
/// <param name="PerSecond">The steady rate; 0 means without limit.</param>
/// <param name="Burst">How many may come at once, at least 1.</param>
public readonly record struct RateLimit(double PerSecond, int Burst)
{
    /// <summary>No limit.</summary>
    public static RateLimit Off => default;

    /// <summary>Whether there is no limit.</summary>
    public bool IsOff => PerSecond <= 0;
}
