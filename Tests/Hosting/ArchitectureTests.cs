using System.Xml.Linq;
using ChitChatz.Chaos.Processes;
using Xunit;

namespace ChitChatz.Tests.Hosting;

/// <summary>Holds the direction of dependencies and the size of files.</summary>
public sealed class ArchitectureTests
{
    private const int LongestFile = 350;
    private static readonly string Root = Repository.Root;

    // Who may reference whom; whatever is not named here may not.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Protocol"] = [],
        ["Grains.Abstractions"] = [],
        ["Streaming"] = [],
        ["Hosting"] = [],
        ["Storage"] = ["Grains.Abstractions"],
        ["Grains"] = ["Protocol", "Grains.Abstractions", "Storage"],
        ["Silo"] = ["Grains", "Storage", "Streaming", "Hosting"],
        ["Gateway"] = ["Protocol", "Grains.Abstractions", "Streaming", "Hosting"],
        ["Standalone"] = ["Silo", "Gateway"],
        ["Client"] = ["Protocol"],
        ["Cli"] = ["Client", "Protocol"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_WhenItReferencesOthers_FollowsTheDirection(string project)
    {
        var referenced = Items(project, "ProjectReference").Select(reference => Path.GetFileName(Path.GetDirectoryName(reference))!);

        Assert.Empty(referenced.Except(Allowed[project]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_WhenItReferencesAnExecutable_IsStandalone(string project)
    {
        if (project != "Standalone")
            Assert.DoesNotContain(Allowed[project], name => name is "Silo" or "Gateway" or "Standalone");
    }

    [Fact]
    public void Protocol_WhenBuilt_KnowsNeitherOrleansNorAspNet()
    {
        var references = typeof(ChitChatz.Protocol.NameRules).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!);

        Assert.DoesNotContain(references, name => name.StartsWith("Orleans", StringComparison.Ordinal) || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
        Assert.Empty(Items("Protocol", "PackageReference"));
        Assert.Empty(Items("Protocol", "FrameworkReference"));
    }

    [Fact]
    public void Gateway_WhenBuilt_DoesNotKnowTheGrainsImplementation()
    {
        var references = typeof(ChitChatz.Gateway.Hosting.GatewayHosting).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name);

        Assert.DoesNotContain("ChitChatz.Grains", references);
        Assert.DoesNotContain("ChitChatz.Storage", references);
    }

    [Fact]
    public void BenchmarkDotNet_WhenReferenced_IsOfTheMicroBenchmarksAlone()
    {
        var projects = Directory.EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories).Where(file => !file.Contains("/bin/", StringComparison.Ordinal));

        var referencing = projects.Where(file => XDocument.Load(file).Descendants("PackageReference").Any(item => item.Attribute("Include")?.Value == "BenchmarkDotNet"));

        Assert.Equal("Benchmarks/Micro/ChitChatz.Benchmarks.Micro.csproj", Path.GetRelativePath(Root, Assert.Single(referencing)));
    }

    [Fact]
    public void Programs_WhenRead_AreTablesOfContents()
    {
        foreach (var name in new[] { "Silo", "Gateway", "Standalone" })
            Assert.InRange(File.ReadLines(Path.Combine(Root, name, "Program.cs")).Count(), 1, 40);
    }

    [Fact]
    public void Files_WhenCounted_AreShort()
    {
        var files = Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(Root, "Gateway", "wwwroot"), "*.js", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal));

        var tooLong = files.Select(file => (File: Path.GetRelativePath(Root, file), Lines: File.ReadLines(file).Count())).Where(file => file.Lines > LongestFile);

        Assert.Empty(tooLong);
    }

    [Fact]
    public void Settings_WhenCounted_AreOneFile()
    {
        var files = Directory.EnumerateFiles(Root, "appsettings*.json", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/artifacts/", StringComparison.Ordinal));

        Assert.Equal("Hosting/appsettings.json", Path.GetRelativePath(Root, Assert.Single(files)));
    }

    private static IEnumerable<string> Items(string project, string kind) =>
        XDocument.Load(Path.Combine(Root, project, $"ChitChatz.{project}.csproj"))
            .Descendants(kind)
            .Select(item => item.Attribute("Include")!.Value);
}
