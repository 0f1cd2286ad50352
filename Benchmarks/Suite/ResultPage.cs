using System.Globalization;
using System.Text;
using static System.FormattableString;

namespace ChitChatz.Benchmarks.Suite;

/// <summary>The results as a part of a page of Markdown, between two comments that mark it.</summary>
/// <param name="parts">What was measured; each scenario in one of them.</param>
/// <param name="images">The folder of the charts, which lies below the page's.</param>
internal sealed class ResultPage(IReadOnlyList<SuitePart> parts, string images)
{
    private const string Begin = "<!-- results of Benchmarks/run -->";
    private const string End = "<!-- end of results -->";

    private readonly StringBuilder _text = new();

    /// <summary>Why a page cannot take results; null when it can.</summary>
    public static string? Check(string page)
    {
        var text = File.ReadAllText(page);
        var begin = text.IndexOf(Begin, StringComparison.Ordinal);
        return begin < 0 || text.IndexOf(End, begin, StringComparison.Ordinal) < 0 ? $"{page} has no place for results: {Begin} and then {End}." : null;
    }

    /// <summary>Writes the charts, and puts the text between the page's marks.</summary>
    public void WriteInto(string page)
    {
        Directory.CreateDirectory(images);
        Compose();
        var old = File.ReadAllText(page);
        var begin = old.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = old.IndexOf(End, begin, StringComparison.Ordinal);
        File.WriteAllText(page, $"{old[..begin]}\n{_text}{old[end..]}");
    }

    private void Compose()
    {
        var machine = parts[^1].Machine;
        Line(Invariant($"{machine.Processor}, {machine.Cores} cores, {machine.MemoryGiB:N1} GiB; Linux {machine.Kernel}; {machine.DotNet}; node {machine.Node}; {machine.Redis}; {machine.Postgres}.\n"));
        Line(Invariant($"Medians, in brackets the least and the most. The servers took turns, each time with new processes; they warmed up for {SuiteOptions.Warmup} s, and for {SuiteOptions.FurtherWarmup} s before a further load on the same processes. {parts[^1].Cores} The servers' CPU time has Redis in it, and not PostgreSQL."));

        Budgets();
        foreach (var scenario in SuiteScenario.All)
        {
            if (parts.FirstOrDefault(part => part.Scenarios.Contains(scenario.Id)) is { } part)
                Table(scenario, part);
        }

        Commands();
    }

    private void Budgets()
    {
        Line("\n### Budgets\n");
        Line("| what | budget | measured | |");
        Line("|---|---|---|---|");
        foreach (var budget in Budget.All)
        {
            // Each from one call: what it compares was measured by turns.
            var value = parts.Select(part => budget.Of(new Results(part.Samples))).LastOrDefault(static value => value is not null);
            var verdict = value is not { } number ? "not measured" : budget.IsMet(number) ? "met" : "**missed**";
            Line($"| {budget.What} | {$"{(budget.AtLeast ? "≥" : "≤")} {Number(budget.Limit)} {budget.Unit}".TrimEnd()} | {(value is { } measured ? Number(measured) : "-")} | {verdict} |");
        }
    }

    private void Table(SuiteScenario scenario, SuitePart part)
    {
        var rows = Candidate.All.Where(candidate => part.Candidates.Contains(candidate.Id) && scenario.IsFor(candidate) && !part.Skipped.ContainsKey(candidate.Id)).ToList();
        if (rows.Count == 0)
            return;

        Results results = new(part.Samples);
        Line(Invariant($"\n### {scenario.Id}\n\n{scenario.What} {part.Machine.Day}, commit {part.Machine.Commit}; rounds: {part.Rounds}, of {part.Seconds} s.\n"));
        foreach (var (candidate, reason) in part.Skipped)
            Line($"Not measured: {candidate}, {reason}.\n");
        var drawn = rows.Select(candidate => (Candidate: candidate, Spread: results.Of(scenario.Id, candidate.Id, scenario.Headline)))
            .Where(static row => row.Spread is not null).Select(static row => (row.Candidate, row.Spread!)).ToList();
        if (drawn.Count > 1)
        {
            Chart.Write(Path.Combine(images, $"{scenario.Id}.svg"), scenario, drawn);
            Line($"![{scenario.Headline} of each server](images/benchmarks/{scenario.Id}.svg)\n");
        }

        var compared = rows.Exists(static candidate => !candidate.IsChitChatz);
        Line($"| | {string.Join(" | ", scenario.Shown)} |{(compared ? " x bare | x SignalR + Redis |" : "")}");
        Line($"|---{string.Concat(Enumerable.Repeat("|---", scenario.Shown.Length + (compared ? 2 : 0)))}|");
        foreach (var candidate in rows)
        {
            var failed = results.FailedRuns(scenario.Id, candidate.Id);
            var cells = scenario.Shown.Select((figure, column) => Cell(results.Of(scenario.Id, candidate.Id, figure), withRange: column == 0));
            var ratios = compared ? $" {Ratio(results, scenario, candidate, Candidate.Bare)} | {Ratio(results, scenario, candidate, Candidate.SignalRRedis)} |" : "";
            Line($"| {candidate.Title}{(failed > 0 ? $" ({failed} runs with faults left out)" : "")} | {string.Join(" | ", cells)} |{ratios}");
        }
    }

    private void Commands()
    {
        Line("\n### Commands\n\n```sh");
        foreach (var part in parts)
            Line(part.CommandLine);
        Line("```\n\nThey started these servers, with other ports each time:\n\n```sh");
        foreach (var (candidate, commands) in parts.Reverse().SelectMany(static part => part.Commands).DistinctBy(static command => command.Key).OrderBy(static command => command.Key, StringComparer.Ordinal))
        {
            Line($"# {candidate}");
            foreach (var command in commands)
                Line(command);
        }

        Line(Invariant($"```\n\nand against each of them, with its addresses, processes and wire; a further load on the same processes with `--warmup {SuiteOptions.FurtherWarmup}`:\n\n```sh"));
        foreach (var part in parts)
        {
            foreach (var scenario in SuiteScenario.All.Where(scenario => part.Scenarios.Contains(scenario.Id)))
                Line(Invariant($"dotnet Benchmarks/bin/Release/net10.0/ChitChatz.Benchmarks.dll {scenario.Command} --seconds {part.Seconds} --warmup {SuiteOptions.Warmup}"));
        }

        Line("```");
    }

    private static string Ratio(Results results, SuiteScenario scenario, Candidate candidate, string to) =>
        candidate.Id != to && results.Ratio(scenario, candidate.Id, to) is { } ratio ? Number(ratio) : "";

    private static string Cell(Results.Spread? spread, bool withRange) => spread is null ? "-"
        : !withRange || spread.Runs == 1 ? Number(spread.Median)
        : $"{Number(spread.Median)} ({Number(spread.Min)} to {Number(spread.Max)})";

    // Three digits say what a measurement is worth.
    private static string Number(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };

    private void Line(string line) => _text.Append(line).Append('\n');
}
