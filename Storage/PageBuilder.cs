using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Storage;

/// <summary>Gathers one page of a room's log: a number of messages, and bytes of texts that only the first may exceed.</summary>
internal sealed class PageBuilder(int limit, int maxBytes)
{
    private long _bytes;

    public List<ChatMessage> Messages { get; } = [];

    /// <summary>False when the message does not fit any more; the page is then complete.</summary>
    public bool TryAdd(ChatMessage message)
    {
        _bytes += message.Text.Length;
        if (Messages.Count >= limit || (Messages.Count > 0 && _bytes > maxBytes))
            return false;

        Messages.Add(message);
        return true;
    }
}
