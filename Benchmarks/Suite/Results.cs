namespace ChitChatz.Benchmarks.Suite;

/// <summary>Samples, and what is asked of them.</summary>
internal sealed class Results(IEnumerable<Sample> samples)
{
    private readonly Sample[] _samples = [.. samples];

    public int Passed => _samples.Count(static sample => sample.Faults.Count == 0);

    public int Failed => _samples.Length - Passed;

    /// <summary>Runs of this kind that had faults.</summary>
    public int FailedRuns(string scenario, string candidate) => _samples.Count(sample => Is(sample, scenario, candidate) && sample.Faults.Count > 0);

    /// <summary>A figure over all runs without faults, or of all scenarios when that is null; null when nobody measured it.</summary>
    public Spread? Of(string? scenario, string candidate, string figure)
    {
        double[] values =
        [
            .. _samples.Where(sample => Is(sample, scenario ?? sample.Scenario, candidate) && sample.Faults.Count == 0)
                .SelectMany(static sample => sample.Figures).Where(one => one.Name == figure && double.IsFinite(one.Value)).Select(static one => one.Value).Order(),
        ];
        return values.Length == 0 ? null : new Spread(Middle(values), values[0], values[^1], values.Length);
    }

    /// <summary>The median of one candidate by that of another.</summary>
    public double? Ratio(SuiteScenario scenario, string candidate, string to) => Ratio(scenario.Id, scenario.Headline, candidate, to);

    public double? Ratio(string scenario, string figure, string candidate, string to) =>
        Of(scenario, candidate, figure)?.Median / Of(scenario, to, figure)?.Median;

    private static bool Is(Sample sample, string scenario, string candidate) => sample.Scenario == scenario && sample.Candidate == candidate;

    private static double Middle(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;

    /// <summary>Median, least and most of a figure over its runs.</summary>
    internal sealed record Spread(double Median, double Min, double Max, int Runs);
}
