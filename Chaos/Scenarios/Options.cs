using System.Globalization;
using ChitChatz.Chaos.Cluster;

namespace ChitChatz.Chaos.Scenarios;

/// <summary>The command line: a scenario's name, then options.</summary>
internal sealed record Options
{
    public const string Usage = """
        ChitChatz.Chaos <scenario> [options]     (Linux; a Release build, and published binaries)
          t1   kill anything: silos, gateways, PostgreSQL, now and then everything at once
          t2   zombie: a silo frozen in mid-append, until its rooms live elsewhere, and woken; one cut off from the
               others, but not from store and gateways   (that one: root and iproute2)
          t3   power cut of the store's disk: SQLite, PostgreSQL   (root and loop devices)
          t6   time to recover from each kind of fault
          t7   reconnect storm: 2,000 clients, a gateway killed
          t13  rolling restart under load, and overload
          all  the short forms of all of them
          --long              the long form
          --control           one protection off: the scenario must find violations   (t1, t2, t3)
          --seed <n>          repeats a plan; default: a new one
          --rate <n>          messages a second
          --runs <n>          t6: runs of each kind;  t2: freezes, cuts;  t3: cuts;  t1: kills
          --only <kind>       t6: one kind of fault;  t2: freeze or cut;  t3: sqlite or postgres;  t13: restart or overload
          --burner <minutes>  t6: no faults; a busy process beside each core
          --published <path>  default: artifacts/publish of this repository
        """;

    private static readonly string[] s_scenarios = ["t1", "t2", "t3", "t6", "t7", "t13", "all"];

    public required string Scenario { get; init; }

    public string Published { get; init; } = Cluster.Published.Default;

    public int Seed { get; init; } = Random.Shared.Next(1, 1_000_000);

    public bool IsLong { get; init; }

    public bool IsControl { get; init; }

    public int? Rate { get; init; }

    public int? Runs { get; init; }

    public int? Burner { get; init; }

    public string? Only { get; init; }

    /// <summary>Reads the command line; null with a reason if it does not fit.</summary>
    public static Options? Read(string[] args, out string? failure)
    {
        failure = null;
        if (args.Length == 0 || !s_scenarios.Contains(args[0]))
        {
            failure = args.Length == 0 ? "Which scenario?" : $"'{args[0]}' is no scenario; there are {string.Join(", ", s_scenarios)}.";
            return null;
        }

        Options? options = new() { Scenario = args[0] };
        for (var i = 1; i < args.Length && options is not null; i++)
        {
            options = args[i] switch
            {
                "--long" => options with { IsLong = true },
                "--control" => options with { IsControl = true },
                var option when i + 1 < args.Length => options.With(option, args[++i], ref failure),
                var option => Fail($"{option} needs a value, or is no option.", ref failure),
            };
        }

        if (options is { IsControl: true, Scenario: not ("t1" or "t2" or "t3") })
            return Fail($"{options.Scenario} has no control; t1, t2 and t3 have.", ref failure);
        if (options is { Only: { } only } && Kinds(options.Scenario) is var kinds && !kinds.Contains(only))
            return Fail(kinds.Length == 0 ? $"{options.Scenario} has no --only." : $"--only of {options.Scenario} is one of {string.Join(", ", kinds)}; it is '{only}'.", ref failure);
        if (options is { IsControl: true, Only: "cut" or "sqlite" })
            return Fail($"{options.Only} has no control.", ref failure);
        if (options is { Burner: not null, Scenario: not "t6" })
            return Fail("--burner is for t6.", ref failure);
        if (options is not null && Cluster.Published.Check(options.Published) is { } missing)
            return Fail(missing, ref failure);
        return options;
    }

    /// <summary>What a scenario can be narrowed to.</summary>
    private static string[] Kinds(string scenario) => scenario switch
    {
        "t2" => ["freeze", "cut"],
        "t3" => ["sqlite", "postgres"],
        "t6" => [.. RecoveryKind.All.Select(static kind => kind.Name)],
        "t13" => ["restart", "overload"],
        _ => [],
    };

    private Options? With(string option, string value, ref string? failure)
    {
        if (option == "--published")
            return this with { Published = Path.GetFullPath(value) };
        if (option == "--only")
            return this with { Only = value };
        if (option is not ("--seed" or "--rate" or "--runs" or "--burner"))
            return Fail($"{option} is no option.", ref failure);
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            return Fail($"{option} must be a whole number above 0; it is '{value}'.", ref failure);
        return option switch
        {
            "--seed" => this with { Seed = number },
            "--rate" => this with { Rate = number },
            "--runs" => this with { Runs = number },
            _ => this with { Burner = number },
        };
    }

    private static Options? Fail(string why, ref string? failure)
    {
        failure = why;
        return null;
    }
}
