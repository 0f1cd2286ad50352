using System.Text.RegularExpressions;
using ChitChatz.Chaos.Processes;

namespace ChitChatz.Tests.Docs;

/// <summary>A document of the repository, read as far as tests compare it with the code: headings, tables, fenced blocks.</summary>
internal sealed partial class Document
{
    private readonly string[] _lines;

    private Document(string path) => _lines = File.ReadAllLines(Path.Combine(Root, path));

    /// <summary>The repository's folder.</summary>
    public static string Root => Repository.Root;

    public string Text => string.Join('\n', _lines);

    public static Document Read(string path) => new(path);

    /// <summary>The headings of the second level that are one word in backticks.</summary>
    public IEnumerable<string> NamedSections() => _lines.Select(static line => NamedHeading().Match(line)).Where(static match => match.Success).Select(static match => match.Groups[1].Value);

    /// <summary>The lines below a heading of the second level, up to the next one.</summary>
    public string[] Section(string heading)
    {
        var start = Array.IndexOf(_lines, "## " + heading);
        Assert.True(start >= 0, $"There is no section '{heading}'.");
        return [.. _lines.Skip(start + 1).TakeWhile(static line => !line.StartsWith("## ", StringComparison.Ordinal))];
    }

    /// <summary>The cells of a section's table, without its head.</summary>
    public string[][] Table(string heading) =>
        [.. Section(heading)
            .SkipWhile(static line => !line.StartsWith("|---", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(static line => line.StartsWith('|'))
            .Select(static line => line.Trim('|').Split('|').Select(static cell => cell.Trim()).ToArray())];

    /// <summary>The lines of a section's fenced blocks of one language.</summary>
    public string[] Fenced(string heading, string language)
    {
        List<string> found = [];
        var inside = false;
        foreach (var line in Section(heading))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                inside = !inside && line == "```" + language;
            else if (inside)
                found.Add(line);
        }

        return [.. found];
    }

    /// <summary>What stands between the first two backticks of a cell.</summary>
    public static string Code(string cell) => cell.Split('`') is [_, var code, ..] ? code : cell;

    [GeneratedRegex("^## `([a-z_]+)`$")]
    private static partial Regex NamedHeading();
}
