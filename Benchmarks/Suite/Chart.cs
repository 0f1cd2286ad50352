using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace ChitChatz.Benchmarks.Suite;

/// <summary>A scenario's headline figure as bars, the median of each candidate, and below it a line from its least to its most.</summary>
internal static class Chart
{
    private const int RowHeight = 34;

    // The exporter's own guess at the width of text is too small.
    private const int NamesWidth = 280;

    public static void Write(string file, SuiteScenario scenario, IReadOnlyList<(Candidate Candidate, Results.Spread Spread)> rows)
    {
        // The first one at the top; an axis counts from below.
        var fromBelow = rows.Reverse().ToList();
        CategoryAxis names = new() { Position = AxisPosition.Left, GapWidth = 0.4 };
        BarSeries medians = new() { StrokeThickness = 0 };
        // Its default label wants two numbers of a library that hands it one.
        IntervalBarSeries spreads = new() { BarWidth = 0.08, FillColor = OxyColors.Black, StrokeThickness = 0, LabelFormatString = null };
        foreach (var (row, (candidate, spread)) in fromBelow.Index())
        {
            names.Labels.Add(candidate.Title);
            medians.Items.Add(new BarItem(spread.Median, row) { Color = candidate.IsChitChatz ? OxyColor.FromRgb(0x2f, 0x6f, 0xb0) : OxyColor.FromRgb(0xa8, 0xb0, 0xb8) });
            spreads.Items.Add(new IntervalBarItem(spread.Min, spread.Max) { CategoryIndex = row });
        }

        PlotModel plot = new()
        {
            Title = scenario.Id,
            Subtitle = $"{scenario.Headline}, {(scenario.MoreIsBetter ? "more" : "less")} is better",
            Background = OxyColors.White,
            DefaultFont = "Arial",
            PlotMargins = new OxyThickness(NamesWidth, double.NaN, double.NaN, double.NaN),
            PlotAreaBorderThickness = new OxyThickness(0, 0, 0, 1),
            Axes = { names, new LinearAxis { Position = AxisPosition.Bottom, Minimum = 0, MaximumPadding = 0.05, StringFormat = "#,0.##", MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = OxyColors.LightGray } },
            Series = { medians, spreads },
        };
        using var stream = File.Create(file);
        new SvgExporter { Width = 860, Height = 110 + RowHeight * rows.Count }.Export(plot, stream);
    }
}
