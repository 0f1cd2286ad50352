namespace ChitChatz.Benchmarks.Suite;

/// <summary>A row of the design's table of budgets.</summary>
/// <param name="What">What is measured.</param>
/// <param name="Limit">At least or at most so much.</param>
/// <param name="AtLeast">Which of the two.</param>
/// <param name="Unit">What stands behind the numbers, such as <c>x bare</c>.</param>
/// <param name="Of">The measured number; null when something that it needs was not measured.</param>
internal sealed record Budget(string What, double Limit, bool AtLeast, string Unit, Func<Results, double?> Of)
{
    private const string Rate = "deliveries/s";
    private const string Cost = "server us/send";
    private const string OfRedis = "x SignalR + Redis";

    private static readonly int[] s_members = [100, 1_000, 10_000];
    private static readonly string[] s_rooms = ["rooms-10", "rooms-1000", "rooms-10000"];

    public static IReadOnlyList<Budget> All { get; } =
    [
        new("hot room, Standalone", 0.75, AtLeast: true, "x bare", static r => r.Ratio("hot", Rate, Candidate.Standalone, Candidate.Bare)),
        new("hot room, two processes", 0.75, AtLeast: true, "x bare", static r => r.Ratio("hot", Rate, Candidate.TwoProcesses, Candidate.Bare)),
        new("hot room, Standalone", 3, AtLeast: true, OfRedis, static r => r.Ratio("hot", Rate, Candidate.Standalone, Candidate.SignalRRedis)),
        new("hot room, two processes", 3, AtLeast: true, OfRedis, static r => r.Ratio("hot", Rate, Candidate.TwoProcesses, Candidate.SignalRRedis)),
        new("100 rooms x 5, Standalone", 2, AtLeast: true, OfRedis, static r => r.Ratio("many", Rate, Candidate.Standalone, Candidate.SignalRRedis)),
        new("100 rooms x 5, two processes", 1.3, AtLeast: true, OfRedis, static r => r.Ratio("many", Rate, Candidate.TwoProcesses, Candidate.SignalRRedis)),
        .. from latency in new[] { "p50 ms", "p99 ms" }
           from candidate in new[] { (Id: Candidate.Standalone, Title: "Standalone"), (Id: Candidate.TwoProcesses, Title: "two processes") }
           select new Budget($"{latency[..3]} at 500/s x 100, {candidate.Title}", 1.2, AtLeast: false, OfRedis, r => r.Ratio("steady", latency, candidate.Id, Candidate.SignalRRedis)),
        new("CPU of a delivery, 100 to 10,000 members, Standalone: most by least", 1.15, AtLeast: false, "", static r => Flatness(r, Candidate.Standalone)),
        new("CPU of a delivery, 100 to 10,000 members, two processes: most by least", 1.15, AtLeast: false, "", static r => Flatness(r, Candidate.TwoProcesses)),
        new("CPU of a send, 10 to 10,000 rooms, Standalone: most by least", 1.15, AtLeast: false, "", static r => Flatness(Sends(r, Candidate.Standalone))),
        new("CPU of a send, 10 to 10,000 rooms, two processes: most by least", 1.15, AtLeast: false, "", static r => Flatness(Sends(r, Candidate.TwoProcesses))),
        new("connect + register + join, Standalone, warm", 3_000, AtLeast: true, "/s", static r => r.Of("connect", Candidate.Standalone, "joins/s")?.Median),
        new("idle connection, the gateway of two processes", 18, AtLeast: false, "KiB", static r => r.Of("idle", Candidate.TwoProcesses, "KiB/connection")?.Median),
        new("start, Standalone", 3, AtLeast: false, "s", static r => r.Of(null, Candidate.Standalone, SuiteRun.StartFigure)?.Median),
    ];

    public bool IsMet(double value) => AtLeast ? value >= Limit : value <= Limit;

    // A message in a room of one is a send and one delivery; what it costs more in a larger room is the further deliveries.
    private static double? Flatness(Results results, string candidate) => Flatness(
        s_members.Select(members => (Slope(results, candidate, $"members-{members}") - Slope(results, candidate, "members-1")) / (members - 1)));

    private static IEnumerable<double?> Sends(Results results, string candidate) =>
        s_rooms.Select(scenario => Slope(results, candidate, scenario));

    // What is not above nothing was not measured well enough to be flat.
    private static double? Flatness(IEnumerable<double?> values)
    {
        double?[] all = [.. values];
        return all.Any(static value => value is null) ? null : all.Min() > 0 ? all.Max() / all.Min() : double.PositiveInfinity;
    }

    private static double? Slope(Results results, string candidate, string scenario) => results.Of(scenario, candidate, Cost)?.Median;
}
