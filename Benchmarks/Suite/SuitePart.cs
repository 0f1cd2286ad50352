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

    /// <summary>Reads what earlier calls left in a file. Null, or why it cannot be read.</summary>
    public static string? TryRead(string file, out IReadOnlyList<SuitePart> parts)
    {
        parts = [];
        try
        {
            parts = JsonSerializer.Deserialize<SuitePart[]>(File.ReadAllText(file), s_json) ?? [];
            return null;
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return $"There is nothing to add to: {exception.Message} The first call is one without --add.";
        }
    }

    public static void Write(string file, IReadOnlyList<SuitePart> parts)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, JsonSerializer.Serialize(parts, s_json));
    }

    /// <summary>This part behind earlier ones. What several measured counts as the last of them has it.</summary>
    public IReadOnlyList<SuitePart> After(IEnumerable<SuitePart> earlier) =>
        [.. earlier.Select(part => part.Without(Scenarios)).Where(static part => part.Scenarios.Count > 0), this];

    private SuitePart Without(IReadOnlyList<string> scenarios) => this with
    {
        Scenarios = [.. Scenarios.Except(scenarios)],
        Samples = [.. Samples.Where(sample => !scenarios.Contains(sample.Scenario))],
    };
}
