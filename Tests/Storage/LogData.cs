using System.Text;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Storage;
using Xunit;

namespace ChitChatz.Tests.Storage;

/// <summary>Messages and batches for the tests of the log.</summary>
internal static class LogData
{
    public static ChatMessage Message(long seq, string? id = null, string sub = "ada", string? text = null) =>
        new(seq, sub, "Ada L.", id ?? $"id-{seq}", Encoding.UTF8.GetBytes(text ?? $"text {seq}"), 1_000 + seq);

    public static AppendBatch Batch(string room, long epoch, long first, int count = 1) =>
        new(room, room.ToUpperInvariant(), epoch, [.. Enumerable.Range(0, count).Select(i => Message(first + i))]);

    public static AppendBatch Batch(string room, long epoch, params ChatMessage[] messages) =>
        new(room, room.ToUpperInvariant(), epoch, messages);

    public static long[] Seqs(IEnumerable<ChatMessage> messages) => [.. messages.Select(message => message.Seq)];

    public static void AssertSame(ChatMessage expected, ChatMessage? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Text, actual.Text);
        Assert.Equal(expected, actual with { Text = expected.Text });
    }
}
