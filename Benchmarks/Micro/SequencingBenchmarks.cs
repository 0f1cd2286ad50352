using BenchmarkDotNet.Attributes;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Grains.Rooms;

namespace ChitChatz.Benchmarks.Micro;

/// <summary>What a room's grain does with the texts of one call, but for the log and the push: their places, and their answers.</summary>
[MemoryDiagnoser]
public class SequencingBenchmarks
{
    private readonly RoomAppends _appends = new(new RoomLimits());
    private Draft[] _drafts = [];

    /// <summary>How many one call brings.</summary>
    [Params(1, 64)]
    public int Texts { get; set; }

    [GlobalSetup]
    public void Setup() =>
        _drafts = [.. Enumerable.Range(1, Texts).Select(static number => new Draft(number, Samples.Sub, Samples.Name, Samples.Id(number), Samples.Text))];

    [Benchmark]
    public object TakeAndAnswer()
    {
        PostCall call = new(_drafts.Length);
        for (int i = 0; i < _drafts.Length; i++)
            _appends.Take(_drafts[i], mayStore: true, call, i);

        _appends.NextBatch(Samples.At);
        _appends.Commit();
        _appends.Answer();
        return call.Results;
    }
}
