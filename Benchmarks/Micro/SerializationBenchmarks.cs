using System.Buffers;
using BenchmarkDotNet.Attributes;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Streaming;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace ChitChatz.Benchmarks.Micro;

/// <summary>What crosses between gateway and silo, written and read again: a post of drafts, and a push of messages.</summary>
[MemoryDiagnoser]
public class SerializationBenchmarks
{
    private readonly Serializer _serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();
    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    private PostRequest _post = null!;
    private PushBatchContainer _push = null!;

    /// <summary>How many one call or one push carries.</summary>
    [Params(1, 8, 64)]
    public int Messages { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        GatewayId gateway = GatewayId.New();
        Draft[] drafts = [.. Enumerable.Range(1, Messages).Select(static number => new Draft(number, Samples.Sub, Samples.Name, Samples.Id(number), Samples.Text))];
        _post = new PostRequest(gateway, 1, drafts);
        MessagesPushed pushed = new(Samples.Room, Samples.Epoch, Samples.Messages(after: 0, Messages));
        _push = new PushBatchContainer(StreamNames.Inbox(gateway), 1, [pushed], requestContext: null);
    }

    [Benchmark]
    public int WritePost() => Write(_post);

    [Benchmark]
    public object WriteAndReadPost()
    {
        Write(_post);
        return _serializer.Deserialize<PostRequest>(_bytes.WrittenMemory)!;
    }

    [Benchmark]
    public int WritePush() => Write(_push);

    [Benchmark]
    public object WriteAndReadPush()
    {
        Write(_push);
        return _serializer.Deserialize<PushBatchContainer>(_bytes.WrittenMemory)!;
    }

    private int Write<T>(T value)
    {
        _bytes.ResetWrittenCount();
        _serializer.Serialize(value, _bytes);
        return _bytes.WrittenCount;
    }
}
