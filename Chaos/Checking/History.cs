using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChitChatz.Chaos.Checking;

/// <summary>Everything that was seen in one run, in the order in which it was seen. Written by many clients at once; read when they have ended.</summary>
public sealed class History
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly Lock _gate = new();
    private readonly List<HistoryEvent> _events = [];
    private readonly long _began = Stopwatch.GetTimestamp();

    public History()
    {
    }

    public History(IEnumerable<HistoryEvent> events) => _events = [.. events];

    /// <summary>Microseconds since the history began.</summary>
    public long Now => (long)Stopwatch.GetElapsedTime(_began).TotalMicroseconds;

    /// <summary>A copy of what there is.</summary>
    public HistoryEvent[] Events
    {
        get
        {
            lock (_gate)
                return [.. _events];
        }
    }

    /// <summary>Adds an event.</summary>
    public void Add(HistoryEvent added)
    {
        lock (_gate)
            _events.Add(added);
    }

    /// <summary>Adds a fault.</summary>
    public void Fault(string what) => Add(new HistoryEvent(EventKind.Fault, Now) { Code = what });

    /// <summary>Writes one JSON line an event.</summary>
    public void Save(string path)
    {
        using var writer = File.CreateText(path);
        foreach (var line in Events)
            writer.WriteLine(JsonSerializer.Serialize(line, s_json));
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static History Load(string path) =>
        new(File.ReadLines(path).Select(static line => JsonSerializer.Deserialize<HistoryEvent>(line, s_json)!));
}
