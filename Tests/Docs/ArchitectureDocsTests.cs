using System.Reflection;
using System.Text.RegularExpressions;

namespace ChitChatz.Tests.Docs;

/// <summary>Holds docs/architecture.md and the code together: the tests behind the guarantees exist, and so do the folders and files that documents point to.</summary>
public sealed partial class ArchitectureDocsTests
{
    private static readonly Document Architecture = Document.Read("docs/architecture.md");

    public static TheoryData<string> Documents =>
        ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md", "docs/operations.md", "docs/api/README.md", "docs/api/client-api.md", "docs/api/server-api.md",
            "docs/api/dotnet-client.md", "Client/README.md", "Cli/README.md"];

    [Fact]
    public void Guarantees_WhenPublished_HaveTestsThatExist()
    {
        var tests = typeof(ArchitectureDocsTests).Assembly.GetTypes()
            .SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance), static (type, method) => (Name: $"{type.Name}.{method.Name}", method))
            .Where(static test => test.method.GetCustomAttributes().Any(static attribute => attribute is Xunit.v3.IFactAttribute))
            .Select(static test => test.Name)
            .ToHashSet(StringComparer.Ordinal);

        Assert.All(Architecture.Table("Guarantees"), row =>
        {
            var named = TestName().Matches(row[1]).Select(static match => match.Value).ToArray();
            Assert.NotEmpty(named);
            Assert.Empty(named.Except(tests));
        });
    }

    [Fact]
    public void Folders_WhenNamed_Exist() =>
        Assert.All(Architecture.Table("Where to find what"), static row =>
            Assert.All(Quoted().Matches(row[0]).Select(static match => match.Groups[1].Value), static folder =>
                Assert.True(Directory.Exists(Path.Combine(Document.Root, folder)), folder)));

    [Theory, MemberData(nameof(Documents))]
    public void Links_WhenTheyPointIntoTheRepository_LeadSomewhere(string path)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Document.Root, path))!;
        foreach (var target in Link().Matches(Document.Read(path).Text).Select(static match => match.Groups[1].Value))
        {
            var (file, anchor) = target.Split('#') is [var before, var after] ? (before, after) : (target, null);
            var full = Path.GetFullPath(Path.Combine(folder, file.Length == 0 ? Path.GetFileName(path) : file));
            Assert.True(File.Exists(full) || Directory.Exists(full), $"{path} points to {target}, which does not exist.");
            if (anchor is not null)
                Assert.True(Anchors(full).Contains(anchor), $"{path} points to {target}, and there is no such heading.");
        }
    }

    private static HashSet<string> Anchors(string file) =>
        [.. File.ReadLines(file).Where(static line => line.StartsWith('#')).Select(static line => NoAnchor().Replace(line.TrimStart('#', ' ').ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"\w+Tests\.\w+")]
    private static partial Regex TestName();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?:\]\(|src="")(?!https?:)([^)""\s]+)[)""]")]
    private static partial Regex Link();

    [GeneratedRegex("[^a-z0-9 _-]")]
    private static partial Regex NoAnchor();
}
