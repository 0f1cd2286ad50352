using System.Globalization;
using System.Text;

namespace ChitChatz.Cli.Screen;

/// <summary>The line that is being typed. Kept under its own lock: it is drawn meanwhile.</summary>
internal sealed class InputLine
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();

    /// <summary>What it has.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
                return _text.ToString();
        }
    }

    /// <summary>Takes a key. Gives the line when it is finished, else null.</summary>
    public string? Press(ConsoleKeyInfo key)
    {
        lock (_gate)
            return Take(key);
    }

    private string? Take(ConsoleKeyInfo key)
    {
        switch (key)
        {
            case { Key: ConsoleKey.Enter }:
                var line = Text;
                _text.Clear();
                return line;
            case { Key: ConsoleKey.Backspace } when _text.Length > 0:
                // A character as people see it may be several units.
                var starts = StringInfo.ParseCombiningCharacters(Text);
                _text.Length = starts[^1];
                return null;
            case { Key: ConsoleKey.U, Modifiers: ConsoleModifiers.Control }:
                _text.Clear();
                return null;
            case { KeyChar: >= ' ' and not '\u007F' }:
                _text.Append(key.KeyChar);
                return null;
            default:
                return null;
        }
    }
}
