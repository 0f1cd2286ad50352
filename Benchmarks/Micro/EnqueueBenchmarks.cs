using BenchmarkDotNet.Attributes;
using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Benchmarks.Micro;

/// <summary>A push of one message into the outbound queues of 100 members whose writers are all busy, as in a hot room.</summary>
[MemoryDiagnoser]
[InvocationCount(Pushes, 1)]
public class EnqueueBenchmarks
{
    private const int Members = 100;

    /// <summary>As many as wait behind one write; far less than a queue takes.</summary>
    private const int Pushes = 1_024;

    private readonly ChatMessage[][] _batches = new ChatMessage[Pushes][];
    private RoomOfMembers _room = null!;
    private int _next;

    [GlobalSetup]
    public async Task Setup() => _room = await RoomOfMembers.NewAsync(Members);

    [IterationSetup]
    public void KeepWritersBusy()
    {
        _room.Wire.Hold();
        _room.Wire.ExpectWrites(Members);
        _room.Push(_room.NextBatch());
        _room.Wire.WaitForWrites();
        for (_next = 0; _next < Pushes; _next++)
            _batches[_next] = _room.NextBatch();
        _next = 0;
    }

    [Benchmark]
    public void Push() => _room.Push(_batches[_next++]);

    [IterationCleanup]
    public void Drain()
    {
        _room.Wire.LetGo();
        SpinWait.SpinUntil(() => Array.TrueForAll(_room.Members, static member => member.IsEmpty));

        // A short run makes fewer pushes than it might; the seqs go on behind its last one.
        _room.TakeBack(Pushes - _next);
    }
}
