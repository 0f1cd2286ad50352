using BenchmarkDotNet.Attributes;

namespace ChitChatz.Benchmarks.Micro;

/// <summary>A push of one message to 100 members with nothing to send, up to the last write: each of them starts its writer.</summary>
[MemoryDiagnoser]
public class FanOutBenchmarks
{
    private const int Members = 100;

    private RoomOfMembers _room = null!;

    [GlobalSetup]
    public async Task Setup() => _room = await RoomOfMembers.NewAsync(Members);

    [Benchmark]
    public void PushAndWrite()
    {
        _room.Wire.ExpectWrites(Members);
        _room.Push(_room.NextBatch());
        _room.Wire.WaitForWrites();
    }
}
