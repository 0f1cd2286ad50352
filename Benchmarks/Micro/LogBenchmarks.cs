using BenchmarkDotNet.Attributes;
using ChitChatz.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChitChatz.Benchmarks.Micro;

/// <summary>
/// A batch of one room through the silo's own writer, until it is durable. The messages were made before; each is new, as the log knows
/// those that it has.
/// </summary>
public abstract class LogBenchmarks
{
    private AppendBatch[] _batches = [];
    private LogWriter _writer = null!;
    private long _epoch;
    private long _head;
    private int _next;

    /// <summary>How many messages a batch has.</summary>
    [Params(1, 64)]
    public int Messages { get; set; }

    /// <summary>How many appends are made between two preparations.</summary>
    protected abstract int Appends { get; }

    [GlobalSetup]
    public async Task Open()
    {
        _writer = new LogWriter(NewLog(), TimeProvider.System, NullLogger<LogWriter>.Instance, new StorageInstruments(Samples.Meters));
        await _writer.StartAsync(CancellationToken.None);
        RoomHead at = await _writer.ReadHeadAsync(Samples.Room);
        (_epoch, _head) = (at.Epoch, at.Head);
        _batches = new AppendBatch[Appends];
    }

    [GlobalCleanup]
    public async Task Close()
    {
        await _writer.DisposeAsync();
        Forget();
    }

    [IterationSetup]
    public void Prepare()
    {
        for (int i = 0; i < _batches.Length; i++)
            _batches[i] = new AppendBatch(Samples.Room, Samples.Room, _epoch, Samples.Messages(_head + (i * Messages), Messages));
        _next = 0;
    }

    [Benchmark]
    public async Task Append()
    {
        AppendResult result = await _writer.AppendAsync(_batches[_next++]);
        if (result.Status != AppendStatus.Committed)
            throw new InvalidOperationException($"An append ended as {result.Status}.");
        _head += Messages;
    }

    /// <summary>An empty log.</summary>
    protected abstract IMessageLog NewLog();

    /// <summary>Removes what the log left.</summary>
    protected virtual void Forget()
    {
    }
}
