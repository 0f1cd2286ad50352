using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Grains.Rooms;

/// <summary>How long a room's messages can be read, and what is deleted. Pure.</summary>
public sealed record RetentionPolicy
{
    /// <summary>So many of a room's newest messages are never deleted, so that a repeated id is known again.</summary>
    public const int DeduplicatedMessages = 10_000;

    /// <summary>Nothing younger is ever deleted, likewise.</summary>
    public static readonly TimeSpan DeduplicatedAge = TimeSpan.FromHours(24);

    /// <summary>How many of a room's newest messages are history; 0 for all.</summary>
    public long Messages { get; init; } = 10_000;

    /// <summary>How long a message is history; zero for ever.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Whether a room is forgotten when its last member has left.</summary>
    public bool ForgetWhenEmpty { get; init; }

    /// <summary>The first seq that is history, as far as a page tells: what stands below it in the page is not.</summary>
    /// <param name="page">Messages in ascending order.</param>
    /// <param name="head">The room's newest seq.</param>
    /// <param name="now">Unix ms.</param>
    public long HistoryFrom(IReadOnlyList<ChatMessage> page, long head, long now)
    {
        ArgumentNullException.ThrowIfNull(page);
        long from = Messages > 0 ? Math.Max(1, head - Messages + 1) : 1;
        if (Age <= TimeSpan.Zero)
            return from;

        long oldest = now - (long)Age.TotalMilliseconds;
        for (int i = 0; i < page.Count && page[i].At < oldest; i++)
            from = Math.Max(from, page[i].Seq + 1);
        return from;
    }

    /// <summary>What may be deleted of a room: everything below a seq that was taken before a time. Not history any more, and no id to be known again.</summary>
    /// <param name="head">The room's newest seq.</param>
    /// <param name="now">Unix ms.</param>
    public IEnumerable<(long Below, long TakenBefore)> Deletable(long head, long now)
    {
        long below = head - DeduplicatedMessages + 1;
        long before = now - (long)DeduplicatedAge.TotalMilliseconds;
        if (below <= 1)
            yield break;
        if (Messages > 0)
            yield return (Math.Min(below, head - Messages + 1), before);
        if (Age > TimeSpan.Zero)
            yield return (below, Math.Min(before, now - (long)Age.TotalMilliseconds));
    }
}
