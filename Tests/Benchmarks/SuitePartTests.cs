using ChitChatz.Benchmarks.Suite;
using ChitChatz.Tests.Gateway.Identity;
using static ChitChatz.Tests.Benchmarks.SuiteParts;

namespace ChitChatz.Tests.Benchmarks;

/// <summary>What <c>--add</c> keeps of earlier calls, and what it replaces.</summary>
public sealed class SuitePartTests
{
    private const string Rate = "deliveries/s";

    [Fact]
    public void After_WhenEarlierCallsMeasuredOtherLoads_KeepsThemInOrder()
    {
        var first = Part("first", Run("hot", "bare", Rate, 1), Run("steady", "bare", Rate, 2));
        var second = Part("second", Run("many", "bare", Rate, 3));

        var parts = Part("last", Run("idle", "bare", Rate, 4)).After([first, second]);

        Assert.Equal(["Benchmarks/run first", "Benchmarks/run second", "Benchmarks/run last"], parts.Select(static part => part.CommandLine));
        Assert.Equal(["hot 1", "steady 2", "many 3", "idle 4"], Measured(parts));
        Assert.Equal(["hot", "steady"], parts[0].Scenarios);
    }

    [Fact]
    public void After_WhenALoadWasMeasuredBefore_ReplacesAllOfItAndNothingElse()
    {
        // With other servers too: a table comes from one call.
        var first = Part("first", Run("hot", "bare", Rate, 1), Run("hot", "signalr", Rate, 2), Run("steady", "bare", Rate, 3));

        var parts = Part("last", Run("hot", "bare", Rate, 4)).After([first]);

        Assert.Equal(["steady 3", "hot 4"], Measured(parts));
        Assert.Equal(["steady"], parts[0].Scenarios);
    }

    [Fact]
    public void After_WhenNothingOfAnEarlierCallIsLeft_DropsIt()
    {
        var first = Part("first", Run("hot", "bare", Rate, 1));
        var second = Part("second", Run("steady", "bare", Rate, 2));

        var parts = Part("last", Run("hot", "bare", Rate, 3)).After([first, second]);

        Assert.Equal(["Benchmarks/run second", "Benchmarks/run last"], parts.Select(static part => part.CommandLine));
    }

    [Fact]
    public void After_WhenALoadFailedThisTime_DoesNotKeepWhatItWas()
    {
        var parts = Part("last", FaultyRun("hot", "bare", Rate, 2)).After([Part("first", Run("hot", "bare", Rate, 1))]);

        Assert.Equal(["hot 2"], Measured(parts));
    }

    [Fact]
    public void TryRead_OfWhatWasWritten_HasEverySingleRun()
    {
        using TemporaryFolder folder = new();
        var file = folder.File(Path.Combine("artifacts", "benchmarks.json"));
        var part = Part("all", Run("hot", "bare", Rate, 1.5), Run("hot", "bare", Rate, double.NaN), FaultyRun("hot", "signalr", Rate, 2)) with
        {
            Skipped = new() { ["socketio"] = "node is not installed" },
            Commands = new() { ["bare"] = ["dotnet Bare.dll"] },
        };

        SuitePart.Write(file, [part, Part("empty")]);
        Assert.Null(SuitePart.TryRead(file, out var read));

        Assert.Equal(2, read.Count);
        Assert.Equivalent(part, read[0], strict: true);
        Assert.Equal(["hot 1.5", "hot NaN", "hot 2"], Measured(read));
        Assert.Equal(["", "", "a message was lost"], read[0].Samples.Select(static sample => string.Concat(sample.Faults)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("[{}]")]
    [InlineData("[{\"CommandLine\":")]
    public void TryRead_WhenThereIsNoSuchFile_SaysHowToBegin(string? content)
    {
        using TemporaryFolder folder = new();
        var file = folder.File("benchmarks.json");
        if (content is not null)
            File.WriteAllText(file, content);

        var reason = SuitePart.TryRead(file, out var parts);

        Assert.Contains("without --add", reason, StringComparison.Ordinal);
        Assert.Empty(parts);
    }

    private static IEnumerable<string> Measured(IEnumerable<SuitePart> parts) =>
        parts.SelectMany(static part => part.Samples).Select(static sample => FormattableString.Invariant($"{sample.Scenario} {sample.Figures[0].Value}"));
}
