using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Storage.Memory;

/// <summary>One room of the <see cref="MemoryMessageLog"/>: its newest messages by seq and by id. Not safe for concurrent use.</summary>
internal sealed class MemoryRoom(string name, long epoch, int capacity)
{
    private readonly Dictionary<long, ChatMessage> _bySeq = [];
    private readonly Dictionary<MessageKey, ChatMessage> _byKey = [];

    public string Name => name;

    public long Epoch => epoch;

    public long Head { get; private set; }

    // Seqs are dense, so the count says where the kept part begins.
    public long Oldest => Head - _bySeq.Count + 1;

    public bool IsEmpty => _bySeq.Count == 0;

    public void Add(ChatMessage message)
    {
        if (_bySeq.Count == capacity)
            RemoveOldest();

        _bySeq.Add(message.Seq, message);
        _byKey.Add(new MessageKey(message.Sub, message.Id), message);
        Head = message.Seq;
    }

    /// <summary>Removes the oldest messages as <see cref="ILogRetention.TrimAsync"/> says.</summary>
    public int Trim(long below, long takenBefore, int limit)
    {
        var count = 0;
        while (count < limit && Oldest < Math.Min(below, Head) && _bySeq[Oldest].At < takenBefore)
        {
            RemoveOldest();
            count++;
        }

        return count;
    }

    public ChatMessage? Find(MessageKey key) => _byKey.GetValueOrDefault(key);

    public IReadOnlyList<ChatMessage> FindAll(IReadOnlyList<ChatMessage> messages) =>
        [.. messages.Select(message => Find(new MessageKey(message.Sub, message.Id))).OfType<ChatMessage>()];

    public IReadOnlyList<ChatMessage> ReadAfter(long after, int limit, int maxBytes)
    {
        var page = new PageBuilder(limit, maxBytes);
        for (var seq = Math.Max(Math.Min(after, Head) + 1, Oldest); seq <= Head && page.TryAdd(_bySeq[seq]); seq++)
            continue;
        return page.Messages;
    }

    public IReadOnlyList<ChatMessage> ReadBefore(long before, int limit, int maxBytes)
    {
        var page = new PageBuilder(limit, maxBytes);
        for (var seq = Math.Min(Math.Max(before, 1) - 1, Head); seq >= Oldest && page.TryAdd(_bySeq[seq]); seq--)
            continue;
        page.Messages.Reverse();
        return page.Messages;
    }

    private void RemoveOldest()
    {
        if (_bySeq.Remove(Oldest, out var gone))
            _byKey.Remove(new MessageKey(gone.Sub, gone.Id));
    }
}
