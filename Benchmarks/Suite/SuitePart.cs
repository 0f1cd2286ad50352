using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChitChatz.Benchmarks.Suite;

/// <summary>What one call of <c>Benchmarks/run</c> measured, as it is kept in a file.</summary>
internal sealed record SuitePart
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        // What was not measured is NaN.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public required string CommandLine { get; init; }

    public required MachineFacts Machine { get; init; }

    /// <summary>Who ran on which cores, for people.</summary>
    public required string Cores { get; init; }

    public required int Rounds { get; init; }

    public required int Seconds { get; init; }

    /// <summary>The names of the loads that it measured.</summary>
    public required IReadOnlyList<string> Scenarios { get; init; }

    /// <summary>The names of the servers that it measured.</summary>
    public required IReadOnlyList<string> Candidates { get; init; }

    /// <summary>Why others could not run, by their names.</summary>
    public SortedDictionary<string, string> Skipped { get; init; } = [];

    /// <summary>The processes that each server was made of when it ran last, by its name.</summary>
    public SortedDictionary<string, IReadOnlyList<string>> Commands { get; init; } = [];

    /// <summary>Every single run.</summary>
    public List<Sample> Samples { get; init; } = [];

    /// <summary>What earlier calls left in a file; nothing when there is no such file.</summary>
    public static IReadOnlyList<SuitePart> Read(string file) =>
        File.Exists(file) ? JsonSerializer.Deserialize<SuitePart[]>(File.ReadAllText(file), s_json) ?? [] : [];

    public static void Write(string file, IReadOnlyList<SuitePart> parts)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, JsonSerializer.Serialize(parts, s_json));
    }

    /// <summary>This part behind others. What both measured counts as this one has it: figures of different calls are never compared.</summary>
    public IReadOnlyList<SuitePart> After(IEnumerable<SuitePart> others) =>
        [.. others.Select(Without).Where(static part => part.Scenarios.Count > 0), this];

    private SuitePart Without(SuitePart other) => other with
    {
        Scenarios = [.. other.Scenarios.Except(Scenarios)],
        Samples = [.. other.Samples.Where(sample => !Scenarios.Contains(sample.Scenario))],
    };
}
