using System.Text;
using BenchmarkDotNet.Attributes;
using ChitChatz.Protocol;

namespace ChitChatz.Benchmarks.Micro;

/// <summary>A client's frame, read and checked for its shape. Each one has a token.</summary>
[MemoryDiagnoser]
public class ReaderBenchmarks
{
    private const int MaxTextLength = 8_000;

    private static readonly Dictionary<string, string> s_fields = new()
    {
        ["register"] = $"\"v\":2,\"name\":\"{Samples.Name}\"",
        ["get_room"] = "",
        ["get_rooms"] = "",
        ["join_room"] = $"\"room\":\"{Samples.Room}\",\"after\":{{\"epoch\":{Samples.Epoch},\"seq\":41}}",
        ["message"] = $"\"room\":\"{Samples.Room}\",\"data\":\"{Encoding.UTF8.GetString(Samples.Text)}\"",
        ["message, escaped"] = $"\"room\":\"{Samples.Room}\",\"data\":\"\\u0041 text of the usual length for a chat,\\nwhich is sixty-four bytes\"",
        ["leave_room"] = "",
        ["error"] = "",
        ["get_history"] = $"\"room\":\"{Samples.Room}\",\"before\":{{\"epoch\":{Samples.Epoch},\"seq\":41}},\"limit\":50",
        ["get_members"] = $"\"room\":\"{Samples.Room}\"",
        ["typing"] = $"\"room\":\"{Samples.Room}\"",
        ["refresh"] = "",
    };

    private ReadOnlyMemory<byte> _frame;

    public static IEnumerable<string> Frames => s_fields.Keys;

    [ParamsSource(nameof(Frames))]
    public string Frame { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        string fields = s_fields[Frame] is { Length: > 0 } own ? "," + own : "";
        string token = Samples.Tokens.Issue(Samples.User, Samples.Room);
        _frame = Encoding.UTF8.GetBytes($"{{\"event\":\"{Frame.Split(',')[0]}\",\"id\":\"{Samples.Id(1)}\"{fields},\"jwt\":\"{token}\"}}");
        if (EventReader.Read(_frame, MaxTextLength, out _, version2: true) is { } error)
            throw new InvalidOperationException(error.Message);
    }

    [Benchmark]
    public bool Read() => EventReader.Read(_frame, MaxTextLength, out _, version2: true) is null;
}
