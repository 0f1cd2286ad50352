using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ChitChatz.Gateway.Page;

/// <summary>
/// A script and all that it imports as one file: a browser paints twice as early when it asks once, and not for each of fifty modules
/// (docs/benchmarks.md). Each module becomes a function that gives what it exports, under the names by which others import it; so
/// nothing in between is touched, and what is served can be read like its source.
/// </summary>
internal static partial class ScriptBundle
{
    /// <param name="entry">The path of the first script.</param>
    /// <param name="read">Gives the text of a script by its path.</param>
    /// <exception cref="InvalidOperationException">A script imports or exports in a way that is not understood here.</exception>
    public static string Make(string entry, Func<string, string> read)
    {
        StringBuilder bundle = new();
        HashSet<string> added = [];
        HashSet<string> names = [];
        Add(entry);
        return bundle.ToString();

        void Add(string path)
        {
            if (!added.Add(path))
                return;
            var text = read(path).ReplaceLineEndings("\n");
            foreach (Match import in Import().Matches(text))
                Add(Resolve(path, import.Groups["path"].Value));
            string[] exported = [.. Export().Matches(text).Select(static export => export.Groups["name"].Value)];
            if (exported.FirstOrDefault(name => !names.Add(name)) is { } twice)
                throw new InvalidOperationException($"{path}: '{twice}' cannot be bundled, since another script exports that name too.");
            var exports = string.Join(", ", exported);
            var body = Export().Replace(PassedOn().Replace(Import().Replace(text, ""), ""), "");
            if (Other().Match(body) is { Success: true } other)
                throw new InvalidOperationException($"{path}: '{other.Value}' cannot be bundled.");
            bundle.Append(CultureInfo.InvariantCulture, $"// {path}\nconst {{ {exports} }} = (() => {{\n{body.Trim('\n')}\nreturn {{ {exports} }};\n}})();\n");
        }
    }

    private static string Resolve(string from, string path) => new Uri(new Uri($"file:///{from}"), path).AbsolutePath[1..];

    [GeneratedRegex("""^import \{ \w+(?:, \w+)* \} from "(?<path>\.{1,2}/[^"]+)";\n""", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex(@"^export (?=(?:const|class|(?:async )?function) (?<name>\w+))", RegexOptions.Multiline)]
    private static partial Regex Export();

    [GeneratedRegex(@"^export \{ \w+(?:, \w+)* \};\n", RegexOptions.Multiline)]
    private static partial Regex PassedOn();

    [GeneratedRegex(@"^(?:import|export)\b.*$", RegexOptions.Multiline)]
    private static partial Regex Other();
}
