using ChitChatz.Benchmarks.Measuring;

namespace ChitChatz.Benchmarks.Suite;

/// <summary>One run of one scenario against one candidate.</summary>
/// <param name="Scenario">Which load.</param>
/// <param name="Candidate">Which server.</param>
/// <param name="Round">Whose turn it was, from 1.</param>
/// <param name="Figures">What was measured.</param>
/// <param name="Faults">What must not have happened; a run with any counts in no median.</param>
internal sealed record Sample(string Scenario, string Candidate, int Round, IReadOnlyList<RunResult.Figure> Figures, IReadOnlyList<string> Faults);
