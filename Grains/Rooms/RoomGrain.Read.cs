using ChitChatz.Grains.Abstractions;
using ChitChatz.Storage;

namespace ChitChatz.Grains.Rooms;

/// <summary>Reads go to the log, whatever this activation remembers: one that was overtaken says what the log says.</summary>
internal sealed partial class RoomGrain
{
    private const int PageBytes = 1024 * 1024;
    private const int PageMessages = 1_000;

    public Task<MessagePage> ReadAfter(long epoch, long after, int limit) => ReadAsync(epoch, async head =>
    {
        if (after >= head)
            return MessagePage.Empty(epoch, head);

        ChatMessage[] messages = ToArray(await log.ReadAfterAsync(
            _key, epoch, after, Math.Clamp(limit, 1, PageMessages), PageBytes, CancellationToken.None));
        // Messages that came since the head was read may be among them.
        long newest = messages.Length > 0 ? Math.Max(head, messages[^1].Seq) : head;
        return new MessagePage(true, epoch, newest, messages, messages.Length > 0 && messages[^1].Seq < newest, HistoryFrom(messages, newest));
    });

    public Task<MessagePage> ReadBefore(long epoch, long before, int limit) => ReadAsync(epoch, async head =>
    {
        if (before <= 1)
            return MessagePage.Empty(epoch, head);

        ChatMessage[] messages = ToArray(await log.ReadBeforeAsync(
            _key, epoch, before, Math.Clamp(limit, 1, PageMessages), HistoryLimits.Bytes, CancellationToken.None));
        long from = HistoryFrom(messages, head);
        messages = [.. messages.SkipWhile(message => message.Seq < from)];
        bool more = messages.Length > 0 && messages[0].Seq > from
            && ToArray(await log.ReadBeforeAsync(_key, epoch, messages[0].Seq, 1, 1, CancellationToken.None)) is [var next]
            && HistoryFrom([next], head) <= next.Seq;
        return new MessagePage(true, epoch, head, messages, more, from);
    });

    private async Task<MessagePage> ReadAsync(long epoch, Func<long, Task<MessagePage>> read)
    {
        if (!await OpenAsync() || await ReadHeadAsync() is not { } head)
            return MessagePage.Unavailable;

        if (head.Epoch != epoch)
            return MessagePage.Empty(head.Epoch, head.Head);

        try
        {
            return await read(head.Head);
        }
        catch (LogUnavailableException exception)
        {
            logger.LogUnavailable(exception, _key);
            return MessagePage.Unavailable;
        }
    }

    private long HistoryFrom(ChatMessage[] page, long head) => retention.HistoryFrom(page, head, time.GetUtcNow().ToUnixTimeMilliseconds());

    private static ChatMessage[] ToArray(IReadOnlyList<ChatMessage> messages) => messages as ChatMessage[] ?? [.. messages];
}
