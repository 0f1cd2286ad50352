using System.Globalization;
using System.Text;
using System.Text.Json;
using ChitChatz.Client;

namespace ChitChatz.Cli.Text;

/// <summary>A message as a line of output: for people, or as JSON for programs.</summary>
internal static class MessageLine
{
    public static void Write(TextWriter output, ChatMessage message, bool json)
    {
        if (json)
        {
            output.WriteLine(AsJson(message));
            return;
        }

        if (message.Gap is { } gap)
            output.WriteLine($"-- {Words(gap)} --");
        output.WriteLine($"{message.At.LocalDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} {TerminalText.OneLine(message.From)}: {TerminalText.OneLine(message.Text)}");
    }

    public static string Words(ChatGap gap) => gap.Reason == ChatGapReason.Expired
        ? "older messages are kept no more"
        : "the room's log was replaced";

    /// <summary>The default encoder writes ASCII alone: no control character and no escape sequence gets through.</summary>
    private static string AsJson(ChatMessage message)
    {
        using MemoryStream output = new();
        using (Utf8JsonWriter writer = new(output))
        {
            writer.WriteStartObject();
            writer.WriteString("room", message.Room);
            writer.WriteString("position", message.Position.ToString());
            writer.WriteNumber("epoch", message.Position.Epoch);
            writer.WriteNumber("seq", message.Position.Seq);
            writer.WriteString("at", message.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            writer.WriteString("from", message.From);
            writer.WriteString("user", message.User);
            if (message.Id is not null)
                writer.WriteString("id", message.Id);
            writer.WriteString("text", message.Text);
            if (message.Gap is { } gap)
                writer.WriteString("gap", gap.Reason == ChatGapReason.Expired ? "expired" : "log_replaced");
            writer.WriteEndObject();
        }

        return Encoding.ASCII.GetString(output.ToArray());
    }
}
