namespace ChitChatz.Benchmarks.Micro;

/// <summary>Where the bytes of connections go: nowhere, at once or, while it is held, when it is let go.</summary>
internal sealed class Wire : Stream
{
    private readonly ManualResetEventSlim _written = new(initialState: false, spinCount: 0);
    private TaskCompletionSource? _held;
    private int _awaited;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>From now on writes wait for <see cref="LetGo"/>.</summary>
    public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void LetGo()
    {
        TaskCompletionSource held = _held!;
        _held = null;
        held.SetResult();
    }

    /// <summary>Arms <see cref="WaitForWrites"/>.</summary>
    public void ExpectWrites(int count)
    {
        _written.Reset();
        Volatile.Write(ref _awaited, count);
    }

    /// <summary>Blocks until as many writes as expected have begun.</summary>
    public void WaitForWrites() => _written.Wait();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        TaskCompletionSource? held = _held;
        if (Interlocked.Decrement(ref _awaited) == 0)
            _written.Set();
        return held is null ? ValueTask.CompletedTask : new ValueTask(held.Task);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _written.Dispose();
        base.Dispose(disposing);
    }
}
