using System.Buffers;
using BenchmarkDotNet.Attributes;
using ChitChatz.Gateway.Connections;
using ChitChatz.Protocol;

namespace ChitChatz.Benchmarks.Micro;

/// <summary>A server's frame: its JSON into a buffer that is there, or ready for the wire in bytes of its own, as it is queued.</summary>
[MemoryDiagnoser]
public class WriterBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(1024);
    private readonly MessageFrame _message = new(
        Samples.Room, Samples.Epoch, Seq: 42, Samples.At, Samples.Name, Samples.Sub, Samples.Id(42), Samples.Text);

    [Benchmark]
    public int Message1()
    {
        _output.ResetWrittenCount();
        FrameWriter.Message(_output, Samples.Name, Samples.Text, jwt: null);
        return _output.WrittenCount;
    }

    [Benchmark]
    public int Message2()
    {
        _output.ResetWrittenCount();
        FrameWriter.Message(_output, _message, jwt: null);
        return _output.WrittenCount;
    }

    [Benchmark]
    public int Ack()
    {
        _output.ResetWrittenCount();
        FrameWriter.Ack(_output, Samples.Room, Samples.Epoch, seq: 42, Samples.At, duplicate: false, _message.Id!, jwt: null);
        return _output.WrittenCount;
    }

    [Benchmark]
    public object Message2ForTheWire() =>
        OutboundFrame.Text((Frame: _message, Jwt: (string?)null), static (output, state) => FrameWriter.Message(output, state.Frame, state.Jwt));
}
