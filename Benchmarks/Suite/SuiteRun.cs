using System.Diagnostics;
using System.Globalization;
using ChitChatz.Benchmarks.Measuring;
using ChitChatz.Benchmarks.Scenarios;

namespace ChitChatz.Benchmarks.Suite;

/// <summary>
/// Lets the candidates take turns, each time with new processes: A B C A B C. What the machine does beside it falls upon all of them.
/// Loads for which it makes no difference follow each other in one turn, since new processes take long to warm up.
/// </summary>
internal sealed class SuiteRun(SuiteOptions options, SuitePart part, CoreSplit cores, Bench bench, TextWriter output, CancellationToken stop)
{
    /// <summary>The figure that every start gives.</summary>
    public const string StartFigure = "start s";

    private int _number;

    /// <summary>Runs everything, and fills the part; what fails is a sample with its faults.</summary>
    public async Task RunAsync()
    {
        List<Candidate> candidates = [];
        foreach (var candidate in options.Candidates)
        {
            if (candidate.Missing(bench) is not { } reason)
            {
                candidates.Add(candidate);
                continue;
            }

            part.Skipped[candidate.Id] = reason;
            output.WriteLine($"skipped  {candidate.Id}: {reason}");
        }

        foreach (var (candidate, round, scenarios) in Turns(candidates))
        {
            if (stop.IsCancellationRequested)
                return;
            await TakeTurnAsync(candidate, round, scenarios);
        }
    }

    // The smoke test has no use for turns, and starts each candidate once.
    private IEnumerable<(Candidate Candidate, int Round, SuiteScenario[] Scenarios)> Turns(List<Candidate> candidates) => options.Quick
        ? candidates.Select(candidate => (candidate, 1, QuickFor(candidate))).Where(static turn => turn.Item3.Length > 0)
        : from together in options.Scenarios.GroupBy(static scenario => scenario.IsWarm ? "warm" : scenario.Id)
          from round in Enumerable.Range(1, options.Rounds)
          from candidate in candidates
          let scenarios = together.Where(scenario => scenario.IsFor(candidate)).ToArray()
          where scenarios.Length > 0
          select (candidate, round, scenarios);

    private SuiteScenario[] QuickFor(Candidate candidate) =>
        [.. options.Scenarios.Where(scenario => scenario.IsFor(candidate)).Select(static scenario => scenario.Quick()).DistinctBy(static quick => quick.Command)];

    private async Task TakeTurnAsync(Candidate candidate, int round, SuiteScenario[] scenarios)
    {
        await using Servers servers = new(bench);
        // The load blocks: to interrupt it is to take the servers away from it.
        using var interrupt = stop.Register(servers.Interrupt);
        try
        {
            await candidate.StartAsync(servers);
        }
        catch (Exception exception) when (exception is TimeoutException or InvalidOperationException)
        {
            foreach (var scenario in scenarios)
                Add(new Sample(scenario.Id, candidate.Id, round, [], [$"did not start: {exception.Message}"]));
            return;
        }

        part.Commands[candidate.Id] = [.. servers.Commands];
        for (var i = 0; i < scenarios.Length; i++)
        {
            var scenario = scenarios[i];
            var (seconds, warmup) = options.Quick ? (1, 0) : (options.Seconds, i == 0 ? SuiteOptions.Warmup : SuiteOptions.FurtherWarmup);
            var load = scenario.Options(candidate, servers, seconds, warmup);
            var result = await cores.OnLoadCoresAsync(() => Run(load, scenario.WarmsUpByRepeating ? TimeSpan.FromSeconds(warmup) : TimeSpan.Zero));
            Add(new Sample(scenario.Id, candidate.Id, round, [.. result.Figures, new(StartFigure, servers.StartTime.TotalSeconds, "N1")], result.Faults.First));
        }
    }

    /// <summary>Runs a load for as long as the warm-up lasts and once more, but at least once; the last run counts, or the first that fails.</summary>
    private RunResult Run(LoadOptions load, TimeSpan warmup)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var isLast = Stopwatch.GetElapsedTime(started) >= warmup;
            using var run = LoadRun.New(load, ++_number);
            var result = run.Run();
            if (isLast || result.Faults.Count > 0)
                return result;
        }
    }

    private void Add(Sample sample)
    {
        if (stop.IsCancellationRequested)
            return;

        part.Samples.Add(sample);
        var figures = options.Quick ? "" : $"  round {sample.Round}  {string.Join("  ", sample.Figures.Select(Text))}";
        output.WriteLine($"{(sample.Faults.Count == 0 ? "ok" : "FAILED"),-8} {sample.Scenario,-14} {sample.Candidate,-20}{figures}");
        foreach (var fault in sample.Faults)
            output.WriteLine($"           {fault}");
    }

    private static string Text(RunResult.Figure figure) => string.Create(CultureInfo.InvariantCulture, $"{figure.Name} {figure.Value.ToString(figure.Format, CultureInfo.InvariantCulture)}");
}
