using ChitChatz.Benchmarks.Suite;
using ChitChatz.Tests.Gateway.Identity;
using static ChitChatz.Tests.Benchmarks.SuiteParts;

namespace ChitChatz.Tests.Benchmarks;

public sealed class ResultPageTests : IDisposable
{
    private const string Begin = "<!-- results of Benchmarks/run -->";
    private const string End = "<!-- end of results -->";
    private const string Rate = "deliveries/s";

    private readonly TemporaryFolder _folder = new();

    private string Page => _folder.File("benchmarks.md");

    private string Images => _folder.File("images");

    [Theory]
    [InlineData("# Figures\n", false)]
    [InlineData($"{Begin}\n", false)]
    [InlineData($"{End}\n{Begin}\n", false)]
    [InlineData($"{Begin}\n{End}\n", true)]
    public void Check_WantsBothMarksInTheirOrder(string text, bool fits)
    {
        File.WriteAllText(Page, text);

        var reason = ResultPage.Check(Page);

        Assert.Equal(fits, reason is null);
        Assert.Contains(fits ? "" : Page, reason ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Check_OfTheRepositorysOwnPage_FindsItsPlace() => Assert.Null(ResultPage.Check(Path.Combine(Repository.Root, "docs", "benchmarks.md")));

    [Fact]
    public void WriteInto_ReplacesWhatIsBetweenTheMarksAndNothingElse()
    {
        var written = Write($"# Figures\n{Begin}\nold figures\n{End}\n## Further on\n{Begin}\n{End}\n", Part("a", Run("hot", "bare", Rate, 1)));

        Assert.StartsWith($"# Figures\n{Begin}\na processor, 8 cores, 15.5 GiB; Linux 6.1; .NET 10; node v20; Redis 7; psql 15.\n", written, StringComparison.Ordinal);
        Assert.EndsWith($"```\n{End}\n## Further on\n{Begin}\n{End}\n", written, StringComparison.Ordinal);
        Assert.DoesNotContain("old figures", written, StringComparison.Ordinal);
        Assert.Equal(written, Write(written, Part("a", Run("hot", "bare", Rate, 1))));
    }

    [Fact]
    public void WriteInto_GivesEachServerItsRow()
    {
        var lines = Lines(Part(
            "a",
            Run("hot", "standalone", Rate, 1_000), Run("hot", "standalone", Rate, 3_000.4), Run("hot", "standalone", Rate, 2_000), Run("hot", "standalone", "p50 ms", 12.345),
            Run("hot", "bare", Rate, 4_000), Run("hot", "bare", Rate, 4_000), Run("hot", "bare", "p99 ms", 1.234), Run("hot", "bare", "p50 ms", double.NaN),
            Run("hot", "signalr-redis", Rate, 500), FaultyRun("hot", "signalr-redis", Rate, 9_000),
            FaultyRun("hot", "socketio", Rate, 9_000)));

        Assert.Contains("One room of 100, 4 senders with 16 messages on their way each. day-a, commit commit-a; rounds: 3, of 6 s.", lines);
        Assert.Equal(
            [
                "| | deliveries/s | p50 ms | p99 ms | server us/delivery | client cores | other cores | x bare | x SignalR + Redis |",
                "|---|---|---|---|---|---|---|---|---|",
                "| ChitChatz Standalone, SQLite | 2,000 (1,000 to 3,000) | 12.3 | - | - | - | - | 0.5 | 4 |",
                "| bare Kestrel, no log | 4,000 (4,000 to 4,000) | - | 1.23 | - | - | - |  | 8 |",
                "| SignalR + Redis, no log (1 runs with faults left out) | 500 | - | - | - | - | - | 0.13 |  |",
                "| Socket.IO, no log (1 runs with faults left out) | - | - | - | - | - | - |  |  |",
            ],
            TableBelow(lines, "### hot"));
        Assert.Contains("![deliveries/s of each server](images/benchmarks/hot.svg)", lines);
        Assert.True(File.Exists(Path.Combine(Images, "hot.svg")), "no chart");
    }

    [Fact]
    public void WriteInto_WhenAServerWasSkipped_SaysWhyAndHasNoRowOfIt()
    {
        var part = Part("a", Run("hot", "bare", Rate, 1)) with
        {
            Candidates = ["bare", "socketio"],
            Skipped = new() { ["socketio"] = "node is not installed" },
        };

        var lines = Lines(part);

        Assert.Contains("Not measured: socketio, node is not installed.", lines);
        Assert.Equal(["| bare Kestrel, no log | 1 | - | - | - | - | - |  |  |"], TableBelow(lines, "### hot")[2..]);
        Assert.False(File.Exists(Path.Combine(Images, "hot.svg")), "a chart of one bar");
    }

    [Fact]
    public void WriteInto_WhenOnlyOursWereMeasured_ComparesWithNobody() => Assert.Equal(
        [
            "| | resumed/s | resumes/s | server us/resumed | client us/resumed |",
            "|---|---|---|---|---|",
            "| ChitChatz Standalone, SQLite | 7 | - | - | - |",
        ],
        TableBelow(Lines(Part("a", Run("resume", "standalone", "resumed/s", 7))), "### resume"));

    [Fact]
    public void WriteInto_OfSeveralCalls_TakesEachTableFromItsOwn()
    {
        var lines = Lines(Part("a", Run("steady", "bare", "p99 ms", 1)), Part("b", Run("hot", "bare", Rate, 2)));

        Assert.Equal(["### Budgets", "### hot", "### steady", "### Commands"], lines.Where(static line => line.StartsWith('#')));
        Assert.Contains(lines, static line => line.EndsWith("day-b, commit commit-b; rounds: 3, of 6 s.", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.EndsWith("day-a, commit commit-a; rounds: 3, of 6 s.", StringComparison.Ordinal));
        Assert.Equal(["Benchmarks/run a", "Benchmarks/run b"], lines.Where(static line => line.StartsWith("Benchmarks/run", StringComparison.Ordinal)));
    }

    [Fact]
    public void WriteInto_SaysWhichBudgetsAreMet()
    {
        var lines = Lines(Part(
            "a",
            Run("hot", "standalone", Rate, 800), Run("hot", "two-processes", Rate, 749.9), Run("hot", "bare", Rate, 1_000),
            Run("idle", "two-processes", "KiB/connection", 18.01), Run("connect", "standalone", "joins/s", 3_000)));

        Assert.Contains("| hot room, Standalone | ≥ 0.75 x bare | 0.8 | met |", lines);
        // The number itself counts, and not what is shown of it.
        Assert.Contains("| hot room, two processes | ≥ 0.75 x bare | 0.75 | **missed** |", lines);
        Assert.Contains("| idle connection, the gateway of two processes | ≤ 18 KiB | 18 | **missed** |", lines);
        Assert.Contains("| connect + register + join, Standalone, warm | ≥ 3,000 /s | 3,000 | met |", lines);
        Assert.Contains("| hot room, Standalone | ≥ 3 x SignalR + Redis | - | not measured |", lines);
    }

    [Fact]
    public void WriteInto_OfSeveralCalls_TakesABudgetFromTheLastThatHasAllOfIt()
    {
        var lines = Lines(
            Part("a", Run("hot", "standalone", "start s", 2), Run("members-1", "standalone", "server us/send", 1)),
            Part("b", Run("steady", "standalone", "start s", 4), Run("rooms-1000", "standalone", "server us/send", 1), Run("rooms-10000", "standalone", "server us/send", 1)),
            Part("c", Run("many", "bare", Rate, 1)));

        Assert.Contains("| start, Standalone | ≤ 3 s | 4 | **missed** |", lines);
        // What it compares was not measured by turns.
        Assert.Contains("| CPU of a send, 10 to 10,000 rooms, Standalone: most by least | ≤ 1.15 | - | not measured |", lines);
    }

    [Fact]
    public void WriteInto_NamesTheServersAsTheyWereStartedLast()
    {
        var lines = Lines(
            Part("a", Run("hot", "bare", Rate, 1)) with { Commands = new() { ["bare"] = ["dotnet old"], ["signalr"] = ["redis", "dotnet signalr"] } },
            Part("b", Run("steady", "bare", Rate, 1)) with { Commands = new() { ["bare"] = ["dotnet new"] } });

        var begin = lines.IndexOf("# bare");
        Assert.Equal(["# bare", "dotnet new", "# signalr", "redis", "dotnet signalr", "```"], lines[begin..(begin + 6)]);
        Assert.DoesNotContain("dotnet old", lines);
    }

    public void Dispose() => _folder.Dispose();

    private List<string> Lines(params SuitePart[] parts) => [.. Write($"{Begin}\n{End}\n", parts).Split('\n')];

    private string Write(string page, params SuitePart[] parts)
    {
        File.WriteAllText(Page, page);
        new ResultPage(parts, Images).WriteInto(Page);
        return File.ReadAllText(Page);
    }

    private static string[] TableBelow(List<string> lines, string title) =>
        [.. lines.SkipWhile(line => line != title).SkipWhile(static line => !line.StartsWith('|')).TakeWhile(static line => line.StartsWith('|'))];
}
