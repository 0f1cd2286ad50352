using System.IO.Pipelines;

namespace ChitChatz.Tests.Client;

/// <summary>One end of a line inside this process.</summary>
internal sealed class DuplexStream(Stream input, Stream output) : Stream
{
    private readonly CancellationTokenSource _cut = new();

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Both ends of a new line.</summary>
    public static (Stream Client, Stream Server) Pair()
    {
        PipeOptions unlimited = new(pauseWriterThreshold: 0);
        Pipe toServer = new(unlimited);
        Pipe toClient = new(unlimited);
        return (new DuplexStream(toClient.Reader.AsStream(), toServer.Writer.AsStream()), new DuplexStream(toServer.Reader.AsStream(), toClient.Writer.AsStream()));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cut.Token);
        try
        {
            return await input.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException) when (_cut.IsCancellationRequested)
        {
            throw new IOException("This end of the line was cut.");
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => output.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => input.Read(buffer, offset, count);

    public override void Write(byte[] buffer, int offset, int count) => output.Write(buffer, offset, count);

    public override void Flush() => output.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // A pipe whose reader is completed leaves a read that waits to itself; a socket that is closed ends it.
    protected override void Dispose(bool disposing)
    {
        _cut.Cancel();
        input.Dispose();
        output.Dispose();
        base.Dispose(disposing);
    }
}
