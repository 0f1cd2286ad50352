using System.Text;

namespace ChitChatz.Protocol;

/// <summary>What is left of a name when one only glances at it, after UTS #39. For comparing with reserved names, for nothing else.</summary>
internal static class NameSkeleton
{
    /// <summary>The skeletons of a name: signs such as <c>$</c> and <c>!</c> read as letters, and left out.</summary>
    /// <param name="name">Any well-formed text.</param>
    public static IEnumerable<string> Of(string name)
    {
        var parts = name.Normalize(NormalizationForm.FormKD); // letters without their accents, fullwidth as plain
        return [Reduce(parts, signsAreLetters: true), Reduce(parts, signsAreLetters: false)];
    }

    private static string Reduce(string parts, bool signsAreLetters)
    {
        var skeleton = new StringBuilder(parts.Length);
        foreach (var rune in parts.EnumerateRunes())
        {
            var letter = Rune.ToLowerInvariant(LookAlikes.ToLatin(rune));
            skeleton.Append(letter.Value switch
            {
                '0' => "o",
                '1' or 'i' => "l",
                '3' => "e",
                '4' => "a",
                '5' => "s",
                '7' => "t",
                'm' => "rn",
                'w' => "vv",
                '@' when signsAreLetters => "a",
                '$' when signsAreLetters => "s",
                '€' when signsAreLetters => "e",
                '!' or '|' when signsAreLetters => "l",
                _ => Rune.IsLetterOrDigit(letter) ? letter.ToString() : "", // spaces, dots, marks, pictures
            });
        }

        return skeleton.ToString();
    }
}
