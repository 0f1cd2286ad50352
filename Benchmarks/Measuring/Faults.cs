namespace ChitChatz.Benchmarks.Measuring;

/// <summary>What must not happen: counts all of it, keeps the first few for the report.</summary>
internal sealed class Faults
{
    private const int Kept = 10;

    private readonly List<string> _first = [];

    public long Count { get; private set; }

    public IReadOnlyList<string> First => _first;

    public void Add(string what)
    {
        Count++;
        if (_first.Count < Kept)
            _first.Add(what);
    }
}
