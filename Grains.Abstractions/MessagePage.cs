namespace ChitChatz.Grains.Abstractions;

/// <summary>A part of a room's log.</summary>
/// <param name="Available">False when the log cannot be read now; the rest then says nothing.</param>
/// <param name="Epoch">The room's present epoch. When it is not the one asked for, <paramref name="Messages"/> is empty.</param>
/// <param name="Head">The newest seq of the epoch.</param>
/// <param name="Messages">Messages in ascending order of seq, dense.</param>
/// <param name="More">Whether there are more in the direction that was read.</param>
/// <param name="HistoryFrom">Messages of the page below this seq are not history any more: kept, but only for those who missed them when they were new.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.MessagePage")]
public sealed record MessagePage(
    [property: Id(0)] bool Available,
    [property: Id(1)] long Epoch,
    [property: Id(2)] long Head,
    [property: Id(3)] ChatMessage[] Messages,
    [property: Id(4)] bool More,
    [property: Id(5)] long HistoryFrom = 1)
{
    /// <summary>The answer of a log that has nothing of what was asked for.</summary>
    public static MessagePage Empty(long epoch, long head) => new(true, epoch, head, [], false);

    /// <summary>The answer while the log cannot be read.</summary>
    public static MessagePage Unavailable { get; } = new(false, 0, 0, [], false);
}
