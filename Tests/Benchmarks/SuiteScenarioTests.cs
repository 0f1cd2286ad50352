using ChitChatz.Benchmarks.Scenarios;
using ChitChatz.Benchmarks.Suite;
using static ChitChatz.Tests.Benchmarks.SuiteParts;

namespace ChitChatz.Tests.Benchmarks;

public sealed class SuiteScenarioTests
{
    /// <summary>All eleven servers under all of them have to fit into a minute or two, on two cores.</summary>
    private const int MostConnections = 300;

    public static TheoryData<string> Names => [.. SuiteScenario.All.Select(static scenario => scenario.Id)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Quick_OfEachLoad_IsTheSameLoadAndSmall(string name)
    {
        var scenario = SuiteScenario.All.Single(scenario => scenario.Id == name);

        var (load, small) = (Read(scenario), Read(scenario.Quick()));

        Assert.Equal(load.Scenario, small.Scenario);
        Assert.InRange(small.Shape.Connections, 1, Math.Min(load.Shape.Connections, MostConnections));
        Assert.All(Candidate.All, candidate => Assert.Equal(scenario.IsFor(candidate), scenario.Quick().IsFor(candidate)));
    }

    [Theory]
    [InlineData(0, "2 passed, 1 failed")]
    [InlineData(3, "2 passed, 1 failed, 3 skipped")]
    public void Sum_NamesServersThatWereSkippedWhereThereAreAny(int skipped, string sum) =>
        Assert.Equal(sum, SuiteCommand.Sum(new([Run("hot", "bare", "x", 1), FaultyRun("hot", "bare", "x", 1), Run("steady", "bare", "x", 1)]), skipped));

    private static LoadOptions Read(SuiteScenario scenario)
    {
        var options = LoadOptions.Read([.. scenario.Command.Split(' '), "--server-pid", "1"], out var failure);
        Assert.True(options is not null, failure);
        return options;
    }
}
