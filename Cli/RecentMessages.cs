using ChitChatz.Client;

namespace ChitChatz.Cli;

/// <summary>A room's messages up to its join.</summary>
internal static class RecentMessages
{
    /// <summary>More than anybody looks through in a terminal.</summary>
    public const int Most = 1_000;

    private const int Page = 100;

    /// <summary>The newest of them, oldest first.</summary>
    public static async Task<IReadOnlyList<ChatMessage>> ReadAsync(ChatRoom room, int count, CancellationToken cancellationToken)
    {
        List<ChatMessage> newestFirst = [];
        var before = room.Head with { Seq = room.Head.Seq + 1 };
        while (newestFirst.Count < count)
        {
            var page = await room.GetHistoryAsync(before, limit: Math.Min(Page, count - newestFirst.Count), cancellationToken: cancellationToken);
            newestFirst.AddRange(page.Messages.Reverse());
            if (!page.HasMore || page.Messages.Count == 0)
                break;
            before = page.Messages[0].Position;
        }

        newestFirst.Reverse();
        return newestFirst;
    }
}
