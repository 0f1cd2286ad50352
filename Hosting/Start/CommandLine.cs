using ChitChatz.Hosting.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ChitChatz.Hosting.Start;

/// <summary>
/// Refuses what the command line says and nobody reads. The framework would ignore <c>--Strage:Provider=Memory</c>, and the
/// operator would learn of it from a database that should not be there.
/// </summary>
public static class CommandLine
{
    private static readonly string[] HostKeys =
        ["urls", "PORT", "SECRET", "environment", "contentRoot", "applicationName", "Logging", "Kestrel", "AllowedHosts", "Orleans"];

    /// <summary>Checks the arguments against the sections that parts of the process registered.</summary>
    /// <exception cref="StartupException">An argument that means nothing.</exception>
    public static void Check(IReadOnlyList<string> args, IServiceProvider services)
    {
        string[] known = [.. services.GetServices<KnownSection>().Select(section => section.Name).Distinct().Order(StringComparer.Ordinal)];
        for (var index = 0; index < args.Count; index++)
        {
            var arg = args[index];
            var key = arg.TrimStart('-', '/');
            if (key.Contains('=', StringComparison.Ordinal))
                key = key[..key.IndexOf('=', StringComparison.Ordinal)];
            else if (arg.StartsWith("--", StringComparison.Ordinal) && index + 1 < args.Count)
                index++; // "--key value"
            else
                throw new StartupException($"The command line's '{arg}' has no value. Settings are given as --Section:Key=value.");

            var section = key.Split(ConfigurationPath.KeyDelimiter, 2)[0];
            if (!HostKeys.Concat(known).Contains(section, StringComparer.OrdinalIgnoreCase))
                throw new StartupException($"The command line's '{arg}' is not a setting. Known are --urls and the sections {string.Join(", ", known)}, as in --Section:Key=value.");
        }
    }
}
