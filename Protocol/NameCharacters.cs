using System.Buffers;
using System.Globalization;
using System.Text;

namespace ChitChatz.Protocol;

/// <summary>Which characters a name may have, and where. Answers say what is wrong, to stand behind "A name", or null.</summary>
internal static class NameCharacters
{
    private const string Invisible = "cannot contain invisible or control characters";

    private static readonly Rune ZeroWidthNonJoiner = new(0x200C);
    private static readonly Rune ZeroWidthJoiner = new(0x200D);
    private static readonly Rune EmojiStyle = new(0xFE0F); // VS16
    private static readonly Rune Keycap = new(0x20E3);
    private static readonly Rune Space = new(' ');
    private static readonly Rune FirstSkinTone = new(0x1F3FB);
    private static readonly Rune LastSkinTone = new(0x1F3FF);

    /// <summary>Finds a character that no name may have, wherever it stands; the three joiners pass.</summary>
    public static string? FindBad(ReadOnlySpan<char> name)
    {
        while (!name.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(name, out var rune, out var length) != OperationStatus.Done)
            {
                return "must be well-formed text";
            }

            if (!IsJoiner(rune) && (!IsAllowed(Rune.GetUnicodeCategory(rune), rune) || CharacterTables.Invisible.Contains(rune)))
            {
                return Invisible;
            }

            name = name[length..];
        }

        return null;
    }

    /// <summary>Finds an allowed character in a place where it means nothing, or too many marks. The name is NFC.</summary>
    public static string? FindBadPlace(string name)
    {
        Rune[] runes = [.. name.EnumerateRunes()];
        for (var at = 0; at < runes.Length; at++)
        {
            var rune = runes[at];
            if (rune == Space && runes[at - 1] == Space)
            {
                return "cannot contain two spaces in a row";
            }

            if (IsJoiner(rune) ? !HasMeaning(runes, at) : IsMark(rune) && (at == 0 || runes[at - 1] == Space))
            {
                return IsJoiner(rune) ? Invisible : "cannot contain a mark without a letter";
            }
        }

        return HasTooManyMarks(name) ? $"has at most {WireLimits.MaxMarksPerGrapheme} marks on a letter" : null;
    }

    public static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    /// <summary>The characters that show nothing themselves but change their neighbours.</summary>
    public static bool IsJoiner(Rune rune) => rune == ZeroWidthJoiner || rune == ZeroWidthNonJoiner || rune == EmojiStyle;

    private static bool IsAllowed(UnicodeCategory category, Rune rune) => category switch
    {
        UnicodeCategory.SpaceSeparator => rune == Space,
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate => false,
        _ => true,
    };

    private static bool HasMeaning(ReadOnlySpan<Rune> runes, int at)
    {
        if (at == 0)
        {
            return false;
        }

        var before = runes[..at];
        var after = runes[(at + 1)..];
        if (runes[at] == EmojiStyle)
        {
            return CharacterTables.Pictographs.Contains(before[^1]) || (IsKeycapBase(before[^1]) && StartsWith(after, Keycap));
        }

        // RFC 5892, appendix A.1 and A.2, where A.1 also has the letter before a ZWNJ join the next one. Persian is typed with a
        // ZWNJ before each suffix, whatever letter stands before it; and the key leaves it out. For emoji the sequences of UTS #51.
        return CharacterTables.Viramas.Contains(before[^1])
            || (runes[at] == ZeroWidthJoiner ? JoinsEmoji(before, after) : SeparatesLetters(before, after));
    }

    private static bool JoinsEmoji(ReadOnlySpan<Rune> before, ReadOnlySpan<Rune> after)
    {
        if (before[^1] == EmojiStyle || (before[^1] >= FirstSkinTone && before[^1] <= LastSkinTone))
        {
            before = before[..^1];
        }

        return !before.IsEmpty && CharacterTables.Pictographs.Contains(before[^1])
            && !after.IsEmpty && CharacterTables.Pictographs.Contains(after[0]);
    }

    private static bool SeparatesLetters(ReadOnlySpan<Rune> before, ReadOnlySpan<Rune> after)
    {
        while (!before.IsEmpty && IsMark(before[^1]))
        {
            before = before[..^1];
        }

        while (!after.IsEmpty && IsMark(after[0]))
        {
            after = after[1..];
        }

        return !before.IsEmpty && IsCursive(before[^1]) && !after.IsEmpty && IsCursive(after[0]);
    }

    private static bool IsCursive(Rune rune)
        => CharacterTables.JoinsForward.Contains(rune) || CharacterTables.JoinsBackwardOnly.Contains(rune) || CharacterTables.JoinsNothing.Contains(rune);

    private static bool HasTooManyMarks(ReadOnlySpan<char> name)
    {
        while (!name.IsEmpty)
        {
            var length = StringInfo.GetNextTextElementLength(name);
            var marks = 0;
            foreach (var rune in name[..length].EnumerateRunes())
            {
                marks += IsMark(rune) && rune != EmojiStyle ? 1 : 0;
            }

            if (marks > WireLimits.MaxMarksPerGrapheme)
            {
                return true;
            }

            name = name[length..];
        }

        return false;
    }

    private static bool IsKeycapBase(Rune rune) => Rune.IsDigit(rune) && rune.IsAscii || rune.Value is '#' or '*';

    private static bool StartsWith(ReadOnlySpan<Rune> runes, Rune first) => !runes.IsEmpty && runes[0] == first;
}
