using System.Globalization;

namespace ChitChatz.Benchmarks.Suite;

/// <summary>The command line of <c>Benchmarks/run</c>.</summary>
internal sealed record SuiteOptions
{
    public const string Usage = """
        Benchmarks/run [options]
          --only hot,steady,...        these scenarios; by default all
          --candidates a,b,...         these servers; by default all that can run here
          --rounds 5                   how often each server has its turn
          --seconds 6                  how long a run measures; new processes warm up for 20 s
          --add                        keeps what earlier calls on this machine measured of other scenarios, in artifacts/benchmarks.json
          --quick                      instead of rounds: each server once, every load small and a second long; every message must arrive,
                                       no time counts, nothing is written
          --no-build                   runs what was built before
        """;

    /// <summary>What was typed, to be repeated in the report.</summary>
    public required string CommandLine { get; init; }

    public IReadOnlyList<SuiteScenario> Scenarios { get; init; } = SuiteScenario.All;

    public IReadOnlyList<Candidate> Candidates { get; init; } = Candidate.All;

    public int Rounds { get; init; } = 5;

    public int Seconds { get; init; } = 6;

    /// <summary>Whether earlier calls' figures of other scenarios stay in the report.</summary>
    public bool Add { get; init; }

    public bool Quick { get; init; }

    /// <summary>Seconds of load before it counts, which a new process compiles for: after 2 s ours made less than half of what it makes after 20.</summary>
    public const int Warmup = 20;

    /// <summary>The same for a further load on processes that are warm.</summary>
    public const int FurtherWarmup = 8;

    /// <summary>Reads the command line; null with a reason if it does not fit.</summary>
    public static SuiteOptions? Read(string[] args, out string? failure)
    {
        failure = null;
        var options = new SuiteOptions { CommandLine = $"Benchmarks/run {string.Join(' ', args)}".TrimEnd() };
        for (var i = 0; i < args.Length && failure is null; i++)
        {
            if (args[i] == "--quick")
                options = options with { Quick = true };
            else if (args[i] == "--add")
                options = options with { Add = true };
            else if (i + 1 == args.Length)
                failure = $"{args[i]}: not understood, or without its value";
            else
                options = options.With(args[i], args[++i], ref failure);
        }

        if (options.Quick && (args.Contains("--rounds") || args.Contains("--seconds") || options.Add))
            failure ??= "--quick has one round, of a second each, and writes nothing";
        return failure is null ? options : null;
    }

    private SuiteOptions With(string option, string value, ref string? failure)
    {
        var number = int.TryParse(value, CultureInfo.InvariantCulture, out var n) && n >= 1 ? n : 0;
        switch (option)
        {
            case "--only":
                return this with { Scenarios = Pick(SuiteScenario.All, static scenario => scenario.Id, value, ref failure) };
            case "--candidates":
                return this with { Candidates = Pick(Candidate.All, static candidate => candidate.Id, value, ref failure) };
            case "--rounds" when number > 0:
                return this with { Rounds = number };
            case "--seconds" when number > 0:
                return this with { Seconds = number };
            default:
                failure = $"{option} {value}: not understood";
                return this;
        }
    }

    private static T[] Pick<T>(IReadOnlyList<T> all, Func<T, string> id, string value, ref string? failure)
    {
        var wanted = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (wanted.FirstOrDefault(one => !all.Any(item => id(item) == one)) is { } unknown)
            failure = $"{unknown}: not one of {string.Join(", ", all.Select(id))}";
        return [.. all.Where(item => wanted.Contains(id(item)))];
    }
}
