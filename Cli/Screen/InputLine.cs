using System.Globalization;
using System.Text;

namespace ChitChatz.Cli.Screen;

/// <summary>The line that is being typed, with the usual keys of a terminal's line. Kept under its own lock: it is drawn meanwhile.</summary>
internal sealed class InputLine
{
    private const int MaxEntered = 100;

    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    // What was entered before, oldest first, and where in it the arrows are; its count stands for what is being typed.
    private readonly List<string> _entered = [];
    private int _recalled;
    private string _typed = "";
    private int _caret;

    /// <summary>What it has, and before which unit of that the next character goes.</summary>
    public (string Text, int Caret) Content
    {
        get
        {
            lock (_gate)
                return (_text.ToString(), _caret);
        }
    }

    /// <summary>Takes a key. Gives the line when it is finished, else null.</summary>
    public string? Press(ConsoleKeyInfo key)
    {
        lock (_gate)
        {
            if (key.Key == ConsoleKey.Enter)
                return Finish();
            Edit(key);
            return null;
        }
    }

    private string Finish()
    {
        var line = _text.ToString();
        if (!string.IsNullOrWhiteSpace(line) && (_entered.Count == 0 || _entered[^1] != line))
        {
            if (_entered.Count == MaxEntered)
                _entered.RemoveAt(0);
            _entered.Add(line);
        }

        _recalled = _entered.Count;
        Replace("");
        return line;
    }

    private void Edit(ConsoleKeyInfo key)
    {
        switch (key)
        {
            case { Key: ConsoleKey.LeftArrow }:
                _caret = Before();
                break;
            case { Key: ConsoleKey.RightArrow }:
                _caret = After();
                break;
            case { Key: ConsoleKey.Home } or { Key: ConsoleKey.A, Modifiers: ConsoleModifiers.Control }:
                _caret = 0;
                break;
            case { Key: ConsoleKey.End } or { Key: ConsoleKey.E, Modifiers: ConsoleModifiers.Control }:
                _caret = _text.Length;
                break;
            case { Key: ConsoleKey.Backspace }:
                Remove(Before(), _caret);
                break;
            case { Key: ConsoleKey.Delete }:
                Remove(_caret, After());
                break;
            case { Key: ConsoleKey.W, Modifiers: ConsoleModifiers.Control }:
                Remove(WordBefore(), _caret);
                break;
            case { Key: ConsoleKey.U, Modifiers: ConsoleModifiers.Control }:
                Remove(0, _caret);
                break;
            case { Key: ConsoleKey.K, Modifiers: ConsoleModifiers.Control }:
                Remove(_caret, _text.Length);
                break;
            case { Key: ConsoleKey.UpArrow }:
                Recall(_recalled - 1);
                break;
            case { Key: ConsoleKey.DownArrow }:
                Recall(_recalled + 1);
                break;
            case { KeyChar: >= ' ' and not '\u007F' }:
                _text.Insert(_caret++, key.KeyChar);
                break;
        }
    }

    private void Recall(int place)
    {
        if (place < 0 || place > _entered.Count)
            return;
        if (_recalled == _entered.Count)
            _typed = _text.ToString();
        _recalled = place;
        Replace(place == _entered.Count ? _typed : _entered[place]);
    }

    private void Replace(string text)
    {
        _text.Clear().Append(text);
        _caret = text.Length;
    }

    private void Remove(int from, int to)
    {
        _text.Remove(from, to - from);
        _caret = from;
    }

    // A character as people see it may be several units.
    private int Before() => Array.FindLast(StringInfo.ParseCombiningCharacters(_text.ToString()), start => start < _caret);

    private int After()
    {
        var next = Array.Find(StringInfo.ParseCombiningCharacters(_text.ToString()), start => start > _caret);
        return next == 0 ? _text.Length : next;
    }

    private int WordBefore()
    {
        var start = _caret;
        while (start > 0 && char.IsWhiteSpace(_text[start - 1]))
            start--;
        while (start > 0 && !char.IsWhiteSpace(_text[start - 1]))
            start--;
        return start;
    }
}
