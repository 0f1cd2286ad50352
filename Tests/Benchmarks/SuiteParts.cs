using ChitChatz.Benchmarks.Measuring;
using ChitChatz.Benchmarks.Suite;

namespace ChitChatz.Tests.Benchmarks;

/// <summary>Parts and samples, as calls of <c>Benchmarks/run</c> leave them.</summary>
internal static class SuiteParts
{
    /// <summary>What a call measured, whose name stands for its command line, its commit and its day.</summary>
    public static SuitePart Part(string name, params Sample[] samples) => new()
    {
        CommandLine = $"Benchmarks/run {name}",
        Machine = new("a processor", 8, 15.5, "6.1", ".NET 10", "v20", "Redis 7", "psql 15", $"commit-{name}", $"day-{name}"),
        Cores = $"cores-{name}.",
        Rounds = 3,
        Seconds = 6,
        Scenarios = [.. samples.Select(static sample => sample.Scenario).Distinct()],
        Candidates = [.. samples.Select(static sample => sample.Candidate).Distinct()],
        Samples = [.. samples],
    };

    /// <summary>A run without a fault, with one figure.</summary>
    public static Sample Run(string scenario, string candidate, string figure, double value) => new(scenario, candidate, 1, [new(figure, value, "N2")], []);

    /// <summary>The same, with a fault.</summary>
    public static Sample FaultyRun(string scenario, string candidate, string figure, double value) =>
        Run(scenario, candidate, figure, value) with { Faults = ["a message was lost"] };
}
