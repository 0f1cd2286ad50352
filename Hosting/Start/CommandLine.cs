using ChitChatz.Hosting.Configuration;
using Microsoft.Extensions.Configuration;

namespace ChitChatz.Hosting.Start;

/// <summary>
/// Refuses what the command line says and nobody reads. The framework would ignore <c>--Strage:Provider=Memory</c>, and the
/// operator would learn of it from a database that should not be there.
/// </summary>
internal static class CommandLine
{
    private static readonly string[] HostKeys =
        ["urls", "PORT", "SECRET", "environment", "contentRoot", "applicationName", "Logging", "Kestrel", "AllowedHosts", "Orleans"];

    /// <summary>What the arguments name as sections, rightly or not.</summary>
    public static string[] Sections(IReadOnlyList<string> args) => [.. args.Select(static arg => arg.TrimStart('-', '/').Split(':', '=')[0])];

    /// <summary>The arguments that mean nothing, seen from the sections that parts of the process registered.</summary>
    public static IEnumerable<string> Failures(IReadOnlyList<string> args, IReadOnlyCollection<KnownSection> sections)
    {
        string[] known = [.. sections.Select(static section => section.Name).Order(StringComparer.Ordinal)];
        for (var index = 0; index < args.Count; index++)
        {
            var arg = args[index];
            var key = arg.TrimStart('-', '/');
            if (key.Contains('=', StringComparison.Ordinal))
                key = key[..key.IndexOf('=', StringComparison.Ordinal)];
            else if (arg.StartsWith("--", StringComparison.Ordinal) && index + 1 < args.Count)
                index++; // "--key value"
            else
            {
                yield return $"The command line's '{arg}' has no value. Settings are given as --Section:Key=value.";
                continue;
            }

            var section = key.Split(ConfigurationPath.KeyDelimiter, 2)[0];
            if (!HostKeys.Concat(known).Contains(section, StringComparer.OrdinalIgnoreCase))
                yield return $"The command line's '{arg}' is not a setting. Known are --urls and the sections {string.Join(", ", known)}, as in --Section:Key=value.";
        }
    }
}
