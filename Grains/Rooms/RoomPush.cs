using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Grains.Rooms;

/// <summary>Puts a committed batch into the inboxes of the gateways that have members in the room.</summary>
internal static class RoomPush
{
    /// <summary>Cuts a batch into items of about <paramref name="bytes"/> of text each; most batches are one item.</summary>
    public static MessagesPushed[] Cut(string room, long epoch, ChatMessage[] batch, int bytes, string? trace = null)
    {
        int start = 0;
        int size = 0;
        List<MessagesPushed>? items = null;
        for (int i = 0; i < batch.Length; i++)
        {
            int own = batch[i].Text.Length;
            if (i > start && size + own > bytes)
            {
                (items ??= []).Add(new MessagesPushed(room, epoch, batch[start..i], trace));
                (start, size) = (i, 0);
            }

            size += own;
        }

        MessagesPushed last = new(room, epoch, start == 0 ? batch : batch[start..], trace);
        if (items is null)
            return [last];

        items.Add(last);
        return [.. items];
    }

    /// <summary>
    /// Starts the push to every gateway before it first waits, so that the set of gateways is that of the moment of the commit:
    /// who comes later reads the batch from the log.
    /// </summary>
    public static ValueTask ToAll(IInboxes inboxes, IReadOnlyList<GatewayMembers> gateways, MessagesPushed[] items)
    {
        List<Task>? slow = null;
        for (int i = 0; i < gateways.Count; i++)
        {
            if (gateways[i].Count == 0)
                continue;

            ValueTask put = items.Length == 1
                ? inboxes.PublishAsync(gateways[i].Gateway, items[0])
                : InOrder(inboxes, gateways[i].Gateway, items);
            if (!put.IsCompletedSuccessfully)
                (slow ??= []).Add(put.AsTask());
        }

        return slow is null ? ValueTask.CompletedTask : new ValueTask(Task.WhenAll(slow));
    }

    private static async ValueTask InOrder(IInboxes inboxes, GatewayId gateway, MessagesPushed[] items)
    {
        foreach (MessagesPushed item in items)
            await inboxes.PublishAsync(gateway, item);
    }
}
