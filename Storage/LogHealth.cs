namespace ChitChatz.Storage;

/// <summary>Whether the log did its work the last time it was asked.</summary>
/// <param name="Healthy">False while commits or reads fail.</param>
/// <param name="Problem">What fails, for people; null when healthy.</param>
public readonly record struct LogHealth(bool Healthy, string? Problem)
{
    /// <summary>
    /// A problem that was not seen again for so long counts as over, until somebody meets it: a silo that is asked for nothing because it
    /// is not ready would otherwise never find out that it could be.
    /// </summary>
    public static TimeSpan Memory { get; } = TimeSpan.FromSeconds(10);
}
