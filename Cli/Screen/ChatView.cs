using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ChitChatz.Cli.Screen;

/// <summary>A whole screen: the end of the transcript, a line about the room, and the line that is being typed.</summary>
/// <param name="transcript">The conversation, as far as it is shown.</param>
/// <param name="status">What stands on the line about the room, harmless to a terminal.</param>
/// <param name="input">What is being typed.</param>
/// <param name="caret">Before which of its units the next character goes.</param>
/// <param name="height">The screen's lines.</param>
internal sealed class ChatView(IReadOnlyList<Transcript.Line> transcript, string status, string input, int caret, int height) : IRenderable
{
    private const string Prompt = "> ";

    public Measurement Measure(RenderOptions options, int maxWidth) => new(maxWidth, maxWidth);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        // One line stays free: a terminal whose last line is filled scrolls.
        var rows = Math.Max(1, height - 3);
        List<SegmentLine> body = [];
        for (var i = transcript.Count - 1; i >= 0 && body.Count < rows; i--)
            body.InsertRange(0, Wrap(transcript[i].Text, transcript[i].Style, options, maxWidth));
        List<SegmentLine> lines = [.. Enumerable.Repeat(new SegmentLine(), Math.Max(0, rows - body.Count)), .. body.TakeLast(rows)];
        lines.Add(Wrap(status, new Style(decoration: Decoration.Invert), options, maxWidth)[0]);
        lines.Add(new SegmentLine([new Segment(Input(maxWidth))]));
        for (var i = 0; i < lines.Count; i++)
        {
            foreach (var segment in lines[i])
                yield return segment;
            if (i < lines.Count - 1)
                yield return Segment.LineBreak;
        }
    }

    /// <summary>The line that is typed with its caret; of one that is too long the part where one types.</summary>
    private string Input(int width)
    {
        var before = End(Prompt + input[..caret] + "▏", width);
        return before + Beginning(input[caret..], width - new Segment(before).CellCount());
    }

    private static string End(string line, int width)
    {
        var starts = StringInfo.ParseCombiningCharacters(line);
        var first = starts.Length - 1;
        while (first > 0 && new Segment(line[starts[first - 1]..]).CellCount() <= width)
            first--;
        return line[starts[first]..];
    }

    private static string Beginning(string line, int width)
    {
        var ends = StringInfo.ParseCombiningCharacters(line).Skip(1).Append(line.Length);
        return line[..ends.TakeWhile(end => new Segment(line[..end]).CellCount() <= width).LastOrDefault()];
    }

    private static List<SegmentLine> Wrap(string text, Style style, RenderOptions options, int width)
    {
        IRenderable paragraph = new Spectre.Console.Text(text, style) { Overflow = Overflow.Fold };
        var lines = Segment.SplitLines(paragraph.Render(options, width));
        return lines.Count > 0 ? lines : [new SegmentLine()];
    }
}
