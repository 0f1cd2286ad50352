using System.Globalization;
using System.Text;

namespace ChitChatz.Cli.Text;

/// <summary>
/// Other people's texts, made harmless: what a terminal obeys instead of showing (control characters, and with them every escape sequence), and
/// what turns the direction of the rest of a line around, is shown as a picture or as U+FFFD.
/// </summary>
internal static class TerminalText
{
    /// <summary>Keeps line breaks and tabs.</summary>
    public static string Lines(string text) => Neutralise(text, keepsLayout: true);

    /// <summary>Keeps neither: for names, and where a line is a message.</summary>
    public static string OneLine(string text) => Neutralise(text, keepsLayout: false);

    private static string Neutralise(string text, bool keepsLayout)
    {
        StringBuilder? changed = null;
        for (var i = 0; i < text.Length; i++)
        {
            var shown = Shown(text[i], keepsLayout);
            if (shown != text[i])
                changed ??= new StringBuilder(text, 0, i, text.Length);
            changed?.Append(shown);
        }

        return changed?.ToString() ?? text;
    }

    private static char Shown(char character, bool keepsLayout) => character switch
    {
        '\n' or '\t' when keepsLayout => character,
        // Unicode has a picture of each control character of ASCII.
        < ' ' => (char)('\u2400' + character),
        '\u007F' => '\u2421',
        _ when IsObeyed(character) => '\uFFFD',
        _ => character,
    };

    private static bool IsObeyed(char character) =>
        char.IsControl(character)
        || character is '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')
        || char.GetUnicodeCategory(character) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
