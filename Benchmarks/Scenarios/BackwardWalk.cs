using System.Buffers.Text;
using ChitChatz.Benchmarks.Wires;

namespace ChitChatz.Benchmarks.Scenarios;

/// <summary>
/// A walk back through a room's log, page by page: of each of the room's senders every message must come, once and in order, down to the
/// first.
/// </summary>
/// <param name="firstSender">The number of the room's first sender among all senders.</param>
/// <param name="senders">How many the room has.</param>
/// <param name="messages">How many messages each of them has sent.</param>
internal sealed class BackwardWalk(int firstSender, int senders, uint messages)
{
    // By sender: how many of its messages lie before what was read.
    private readonly uint[] _left = [.. Enumerable.Repeat(messages, senders)];

    /// <summary>The place that the next page ends below; null before the first page, which is the newest.</summary>
    public long? Before { get; private set; }

    /// <summary>Whether the first message was reached.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Reads a page. Null, or what is wrong with it.</summary>
    /// <param name="page">A whole <c>history</c>. As with messages, its fields are found by their names: the reader shares its cores with the server.</param>
    public string? Read(ReadOnlySpan<byte> page)
    {
        var content = "\"content\":\""u8;
        var rest = page;
        for (int at; (at = rest.LastIndexOf(content)) >= 0; rest = rest[..at])
        {
            if (!MessageText.TryRead(rest[(at + content.Length)..], out var sender, out var sequence, out _) || (uint)(sender - firstSender) >= (uint)senders)
                return "not a message of this room";

            ref var left = ref _left[sender - firstSender];
            if (sequence + 1 != left)
                return left == 0 ? $"from sender {sender} came {sequence} below its first" : $"from sender {sender} came {sequence} when {left - 1} was due";

            left = sequence;
        }

        IsOver = page.LastIndexOf("\"more\":true"u8) < 0;
        if (IsOver)
            return Array.Exists(_left, static left => left > 0) ? $"the log ended {_left.Sum(static left => left)} messages too early" : null;

        var seq = page.IndexOf("\"seq\":"u8);
        if (seq < 0 || !Utf8Parser.TryParse(page[(seq + 6)..], out long first, out _))
            return "nothing, with more below it";

        Before = first;
        return null;
    }
}
