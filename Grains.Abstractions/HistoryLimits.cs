namespace ChitChatz.Grains.Abstractions;

/// <summary>What both ends of a read must agree on.</summary>
public static class HistoryLimits
{
    /// <summary>
    /// Bytes of text that one answer to a client brings; at least one message goes, whatever its size. Escaped at the worst, that is
    /// less than half of what may wait for a client.
    /// </summary>
    public const int Bytes = 64 * 1024;
}
