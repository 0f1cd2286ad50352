using BenchmarkDotNet.Attributes;
using ChitChatz.Storage;
using ChitChatz.Storage.Memory;

namespace ChitChatz.Benchmarks.Micro;

/// <summary>The log in memory: what appending costs beside the disk.</summary>
[MemoryDiagnoser]
[InvocationCount(Count, 1)]
public class MemoryLogBenchmarks : LogBenchmarks
{
    private const int Count = 1_024;

    protected override int Appends => Count;

    protected override IMessageLog NewLog() => new MemoryMessageLog(TimeProvider.System);
}
