using System.Globalization;
using ChitChatz.Benchmarks.Scenarios;

namespace ChitChatz.Benchmarks.Measuring;

/// <summary>Prints each run as a line as it ends, and the median as the last one.</summary>
internal sealed class Report(TextWriter output)
{
    private readonly List<RunResult> _runs = [];

    public bool AnyFault => _runs.Exists(run => run.Faults.Count > 0);

    public void Begin(LoadOptions options)
    {
        var (rooms, members, senders) = options.Shape;
        output.WriteLine($"{options.Scenario} ({options.Wire.Name}): {rooms} x {members} members, {senders} senders in each; {Environment.ProcessorCount} cores, .NET {Environment.Version}");
    }

    public void Add(RunResult run)
    {
        if (_runs.Count == 0)
            Line("", run.Figures, figure => figure.Name);

        _runs.Add(run);
        Line($"run {_runs.Count}", run.Figures, Text);
        foreach (var fault in run.Faults.First)
            output.WriteLine("  FAULT " + fault);

        if (run.Faults.Count > run.Faults.First.Count)
            output.WriteLine($"  FAULT {run.Faults.Count} in all");
    }

    /// <summary>Each figure's own median over the runs without faults; with an even number the upper one of the two in the middle.</summary>
    public void End()
    {
        var good = _runs.FindAll(run => run.Faults.Count == 0);
        if (good.Count < 2)
            return;

        double Median(int column) => good.Select(run => run.Figures[column].Value).Order().ElementAt(good.Count / 2);

        var medians = good[0].Figures.Select((figure, column) => figure with { Value = Median(column) });
        Line("median", medians, Text);
    }

    private void Line(string title, IEnumerable<RunResult.Figure> figures, Func<RunResult.Figure, string> cell) =>
        output.WriteLine(title.PadRight(6) + string.Concat(figures.Select(f => cell(f).PadLeft(Math.Max(f.Name.Length, 7) + 2))));

    private static string Text(RunResult.Figure figure) =>
        double.IsFinite(figure.Value) ? figure.Value.ToString(figure.Format, CultureInfo.InvariantCulture) : "-";
}
