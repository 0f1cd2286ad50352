using System.Globalization;
using ChitChatz.Cli.Text;
using ChitChatz.Client;
using Spectre.Console;

namespace ChitChatz.Cli.Screen;

/// <summary>What the screen shows of a conversation: its newest lines, and what is on its way. Kept under its own lock.</summary>
internal sealed class Transcript
{
    /// <summary>Older lines are forgotten here: the room has them.</summary>
    private const int MaxLines = 1_000;

    private readonly Lock _gate = new();
    private readonly Queue<Line> _lines = [];
    private readonly List<string> _pending = [];
    // Who has said something since the beginning and has not been told to leave.
    private readonly HashSet<string> _heard = new(StringComparer.Ordinal);
    private int _forgotten;

    /// <summary>How many lines there have been.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _forgotten + _lines.Count;
        }
    }

    /// <summary>How many of them are forgotten.</summary>
    public int Forgotten
    {
        get
        {
            lock (_gate)
                return _forgotten;
        }
    }

    /// <summary>A line of it.</summary>
    /// <param name="Text">The text, harmless to a terminal.</param>
    /// <param name="Style">How it looks.</param>
    public readonly record struct Line(string Text, Style Style);

    /// <summary>The lines, oldest first; those that wait for their receipt are the last.</summary>
    public IReadOnlyList<Line> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines, .. _pending.Select(static text => new Line($"  … {text}", new Style(decoration: Decoration.Dim)))];
        }
    }

    /// <summary>Those of the first <paramref name="count"/> lines that are not forgotten; of the oldest ones that are left at least so many.</summary>
    public IReadOnlyList<Line> LinesUpTo(int count, int atLeast)
    {
        lock (_gate)
            return [.. _lines.Take(Math.Max(count - _forgotten, atLeast))];
    }

    public void Add(ChatMessage message, bool isOwn)
    {
        lock (_gate)
            _heard.Add(message.From);
        if (message.Gap is { } gap)
            Add($"-- {MessageLine.Words(gap)} --", new Style(Color.Yellow));
        var time = message.At.LocalDateTime.ToString("HH:mm", CultureInfo.InvariantCulture);
        Add($"{time} {TerminalText.OneLine(message.From)}: {TerminalText.Lines(message.Text)}", isOwn ? new Style(Color.Green) : Style.Plain);
    }

    /// <summary>
    /// Somebody came or left. The server tells it beside the messages and may be later than they: that somebody came who has been heard
    /// already is no news.
    /// </summary>
    public void AddPresence(string name, bool came)
    {
        lock (_gate)
        {
            if (came && _heard.Contains(name))
                return;
            if (!came)
                _heard.Remove(name);
        }

        AddNote($"{name} {(came ? "came" : "left")}");
    }

    public void AddNote(string text) => Add($"-- {TerminalText.OneLine(text)} --", new Style(decoration: Decoration.Dim));

    public void AddFailure(string text) => Add($"!! {TerminalText.OneLine(text)}", new Style(Color.Red));

    /// <summary>A text is on its way, until what is returned is called.</summary>
    public Action AddPending(string text)
    {
        var shown = TerminalText.OneLine(text);
        lock (_gate)
            _pending.Add(shown);
        return () =>
        {
            lock (_gate)
                _pending.Remove(shown);
        };
    }

    private void Add(string text, Style style)
    {
        lock (_gate)
        {
            if (_lines.Count == MaxLines)
            {
                _lines.Dequeue();
                _forgotten++;
            }

            _lines.Enqueue(new Line(text, style));
        }
    }
}
