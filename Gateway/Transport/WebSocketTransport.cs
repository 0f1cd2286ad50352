using ChitChatz.Gateway.Limits;

namespace ChitChatz.Gateway.Transport;

/// <summary>
/// The byte stream below one WebSocket. The library reads and writes through it (handshake's end, pongs, pings, its own error
/// closes); the connection's writer puts whole pre-encoded frames beside them, many in one write. One write at a time, so frames
/// never mix. Knows for how long a write has been stuck, which the library does not tell, and reads more slowly from a peer
/// that sends control frames faster than it may.
/// </summary>
internal sealed class WebSocketTransport(Stream inner, TokenBucket controlFrames, TimeProvider time) : Stream
{
    private readonly SemaphoreSlim _oneWrite = new(1, 1);
    private readonly FrameMeter _meter = new();
    private long _controlFramesPaid;
    private long _writeStarted;

    /// <summary>What came in so far, frame by frame. Only for the reading side.</summary>
    public FrameMeter Meter => _meter;

    /// <summary>For how long the write under way has been waiting for the peer; zero when there is none.</summary>
    public TimeSpan WriteStuckFor
    {
        get
        {
            long started = Volatile.Read(ref _writeStarted);
            return started == 0 ? TimeSpan.Zero : time.GetElapsedTime(started);
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_meter.ControlFrames > _controlFramesPaid)
        {
            await PayForControlFramesAsync(cancellationToken);
        }

        int read = await inner.ReadAsync(buffer, cancellationToken);
        _meter.Observe(buffer.Span[..read]);
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _oneWrite.WaitAsync(cancellationToken);
        try
        {
            Volatile.Write(ref _writeStarted, time.GetTimestamp());
            await inner.WriteAsync(buffer, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _writeStarted, 0);
            _oneWrite.Release();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>A write of the server's response stream is flushed when it ends.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask PayForControlFramesAsync(CancellationToken cancellationToken)
    {
        int owed = (int)Math.Min(int.MaxValue, _meter.ControlFrames - _controlFramesPaid);
        _controlFramesPaid = _meter.ControlFrames;
        TimeSpan wait = controlFrames.Take(owed);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }
}
