using System.Globalization;
using System.Text;
using ChitChatz.Hosting.Start;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ChitChatz.Hosting.Logging;

/// <summary>
/// One line an event: time, level, category, text. Control characters are escaped and long texts cut, so that nothing a client
/// sends can forge a line or drive a terminal. An exception follows on lines of its own, indented: of a
/// warning its reasons, of an error all.
/// </summary>
public sealed class LineFormatter(StartupPhase phase, TimeProvider time) : ConsoleFormatter(FormatterName)
{
    /// <summary>The name for <c>Logging:Console:FormatterName</c>.</summary>
    public const string FormatterName = "line";

    private const int LongestText = 4096;

    /// <inheritdoc />
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var ours = logEntry.Category.StartsWith("ChitChatz", StringComparison.Ordinal);
        if (phase.HasFailed)
            return;
        if (!phase.IsOver && !ours && IsToldOtherwise(logEntry.Category, logEntry.LogLevel))
            return;

        textWriter.Write(time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        textWriter.Write(Level(logEntry.LogLevel));
        textWriter.Write(ours ? logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..] : logEntry.Category);
        textWriter.Write(": ");
        WriteEscaped(textWriter, logEntry.Formatter(logEntry.State, logEntry.Exception));
        textWriter.Write('\n');
        if (logEntry.Exception is not { } exception)
            return;

        // To find the lines of a stack trace takes longer than all else that happens when a silo is lost, and so does reading it.
        var text = logEntry.LogLevel == LogLevel.Warning ? Reasons(exception) : exception.ToString();
        foreach (var line in text.Split('\n'))
        {
            textWriter.Write("    ");
            WriteEscaped(textWriter, line.TrimEnd('\r'));
            textWriter.Write('\n');
        }
    }

    private static string Reasons(Exception exception)
    {
        var text = new StringBuilder();
        for (var cause = exception; cause is not null; cause = cause.InnerException)
            text.Append(text.Length == 0 ? "" : " <- ").Append(cause.GetType().Name).Append(": ").Append(cause.Message.Split('\n')[0].TrimEnd('\r'));
        return text.ToString();
    }

    // A start that fails is told in plain words by HostRunner, a wait for a silo by the gateway; and the frameworks' warnings at
    // each healthy start (a port variable of the image that is not followed, a watchdog without a first time) help nobody.
    private static bool IsToldOtherwise(string category, LogLevel level) =>
        level >= LogLevel.Error
        || (level == LogLevel.Warning && (category.StartsWith("Orleans", StringComparison.Ordinal) || category == "Microsoft.AspNetCore.Hosting.Diagnostics"));

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => " trace ",
        LogLevel.Debug => " debug ",
        LogLevel.Information => " info  ",
        LogLevel.Warning => " warn  ",
        LogLevel.Error => " error ",
        _ => " fatal ",
    };

    private static void WriteEscaped(TextWriter writer, string text)
    {
        var cut = text.Length > LongestText;
        var rest = cut ? text.AsSpan(0, LongestText) : text;
        while (!rest.IsEmpty)
        {
            var harmless = Harmless(rest);
            writer.Write(rest[..harmless]);
            rest = rest[harmless..];
            if (rest.IsEmpty)
                break;

            Rune.DecodeFromUtf16(rest, out var rune, out var length);
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"));
            rest = rest[length..];
        }

        if (cut)
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"... ({text.Length} characters)"));
    }

    /// <summary>How much of a text from its start on may be written as it is.</summary>
    private static int Harmless(ReadOnlySpan<char> text)
    {
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                break;
            length += rune.Utf16SequenceLength;
        }

        return length;
    }
}
