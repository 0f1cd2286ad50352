namespace ChitChatz.Storage;

/// <summary>
/// The shape that every batch must have, whatever the store. A batch that breaks it is a bug of its maker, found before
/// anything is written, so that it cannot fail the other rooms of the same commit.
/// </summary>
internal static class AppendChecks
{
    /// <summary>Throws <see cref="ArgumentException"/> unless the batch has messages, dense seqs from 1 or above, and no key twice.</summary>
    public static void Check(AppendBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var messages = batch.Messages;
        if (messages.Count == 0)
            throw new ArgumentException("A batch needs at least one message.", nameof(batch));
        if (messages[0].Seq < 1)
            throw new ArgumentException("The first seq of a room is 1.", nameof(batch));

        var keys = messages.Count == 1 ? null : new HashSet<MessageKey>(messages.Count);
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            if (message.Seq != messages[0].Seq + i)
                throw new ArgumentException($"The seqs of a batch are dense, but {message.Seq} stands where {messages[0].Seq + i} should.", nameof(batch));
            if (keys is not null && !keys.Add(new MessageKey(message.Sub, message.Id)))
                throw new ArgumentException("One batch brings the same id of the same sender twice.", nameof(batch));
        }
    }

    /// <summary>Checks each batch, and that no room stands in the list twice.</summary>
    public static void CheckAll(IReadOnlyList<AppendBatch> batches)
    {
        var rooms = batches.Count < 2 ? null : new HashSet<string>(batches.Count, StringComparer.Ordinal);
        foreach (var batch in batches)
        {
            Check(batch);
            if (rooms is not null && !rooms.Add(batch.Room))
                throw new ArgumentException("One commit brings two batches of the same room.", nameof(batches));
        }
    }
}
