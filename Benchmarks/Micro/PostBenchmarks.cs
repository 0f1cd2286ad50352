using BenchmarkDotNet.Attributes;
using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Benchmarks.Micro;

/// <summary>Texts from a connection through their room to the grain and back to the connection, without what the grain does and without a network.</summary>
[MemoryDiagnoser]
public class PostBenchmarks
{
    private readonly ManualResetEventSlim _done = new(initialState: false, spinCount: 0);
    private RoomOfMembers _room = null!;
    private Draft _draft = null!;
    private int _open;

    /// <summary>How many come at once.</summary>
    [Params(1, 64)]
    public int Texts { get; set; }

    [GlobalSetup]
    public async Task Setup()
    {
        _room = await RoomOfMembers.NewAsync(1);
        _draft = new Draft(_room.Members[0].Number, Samples.Sub, Samples.Name, Samples.Id(1), Samples.Text);
        _room.Members[0].Done = () =>
        {
            if (Interlocked.Decrement(ref _open) == 0)
                _done.Set();
        };
    }

    [Benchmark]
    public void Post()
    {
        _done.Reset();
        _open = Texts;
        for (int i = 0; i < Texts; i++)
        {
            if (!_room.Room.TryPost(_room.Members[0], _draft))
                throw new InvalidOperationException("Too much is waiting.");
        }

        _done.Wait();
    }
}
