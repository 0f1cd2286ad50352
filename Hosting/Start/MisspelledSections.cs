using ChitChatz.Hosting.Configuration;
using Microsoft.Extensions.Configuration;

namespace ChitChatz.Hosting.Start;

/// <summary>
/// Refuses a setting whose section is misspelled, such as the variable <c>Clustr__Provider</c>. The environment is full of variables that
/// are not for us, so only one counts that has a setting's own name behind a name that is nearly its section's.
/// </summary>
internal static class MisspelledSections
{
    public static IEnumerable<string> Failures(IConfiguration configuration, IReadOnlyCollection<KnownSection> known, IReadOnlyCollection<string> except)
    {
        foreach (IConfigurationSection section in configuration.GetChildren())
        {
            if (known.Any(right => Same(right.Name, section.Key)) || except.Any(told => Same(told, section.Key)))
                continue;
            foreach (IConfigurationSection setting in section.GetChildren())
            {
                if (known.FirstOrDefault(right => IsNear(section.Key, right.Name) && right.Settings.Any(name => Same(name, setting.Key))) is { } meant)
                    yield return $"{setting.Path} is not a setting; is {meant.Name}:{setting.Key} meant? (In the environment {meant.Name}__{setting.Key}.)";
            }
        }
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    // One slip in a short name, two in a long one.
    private static bool IsNear(string name, string right) => Distance(name.ToUpperInvariant(), right.ToUpperInvariant()) <= (right.Length < 6 ? 1 : 2);

    /// <summary>How many letters have to be put in, taken out or changed (Levenshtein).</summary>
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
