using System.Buffers;
using System.Diagnostics;
using ChitChatz.Gateway.Transport;

namespace ChitChatz.Gateway.Connections;

/// <summary>
/// What waits to be sent on one connection, bounded in bytes, and its only writer. Full policy: the frame is not taken and the
/// caller is told; whoever fans out never waits. Puts many frames into one write. There is no writer task while nothing waits.
/// </summary>
internal sealed class OutboundQueue(WebSocketTransport transport, int capacityBytes, Action<Exception> writeFailed) : IThreadPoolWorkItem
{
    private const int WriteBytes = 32 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<OutboundFrame> _frames = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<(int Below, TaskCompletionSource Reached)>? _waiters;
    private int _bytes;
    private bool _writing;
    private bool _closing;

    /// <summary>The bytes that wait, those in the write under way included.</summary>
    public int Bytes => Volatile.Read(ref _bytes);

    /// <summary>True once a close frame was queued, or nothing can be sent any more.</summary>
    public bool IsClosing => Volatile.Read(ref _closing);

    /// <summary>Ends when the close frame was handed to the transport, or nothing can be sent any more.</summary>
    public Task Closed => _closed.Task;

    /// <summary>The bytes that may wait.</summary>
    public int Capacity => capacityBytes;

    /// <summary>Queues a frame. False when it does not fit; a frame for a connection that closes is dropped and counts as taken.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="reserve">How much of the queue is not for this frame.</param>
    public bool TryEnqueue(OutboundFrame frame, int reserve = 0)
    {
        lock (_gate)
        {
            if (_closing)
            {
                return true;
            }

            if (_bytes + frame.Bytes.Length > capacityBytes - reserve && _bytes > 0)
            {
                return false;
            }

            Add(frame);
            return true;
        }
    }

    /// <summary>Waits until less than so many bytes wait, or nothing more will be queued.</summary>
    public Task BelowAsync(int bytes)
    {
        lock (_gate)
        {
            if (_closing || _bytes < bytes)
            {
                return Task.CompletedTask;
            }

            TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            (_waiters ??= []).Add((bytes, reached));
            return reached.Task;
        }
    }

    /// <summary>Queues the last frames: perhaps an explanation, then the close. Later calls do nothing.</summary>
    /// <param name="lastWords">A frame to precede the close, or null.</param>
    /// <param name="close">The close frame.</param>
    /// <param name="dropWaiting">True to drop what waits: the peer reads too slowly for it.</param>
    public void Close(OutboundFrame? lastWords, OutboundFrame close, bool dropWaiting = false)
    {
        lock (_gate)
        {
            if (_closing)
            {
                return;
            }

            if (dropWaiting)
            {
                while (_frames.TryDequeue(out OutboundFrame? dropped))
                {
                    _bytes -= dropped.Bytes.Length;
                }
            }

            if (lastWords is not null)
            {
                Add(lastWords);
            }

            Add(close);
            _closing = true;
            ReleaseWaiters();
        }
    }

    /// <summary>Takes nothing more and sends nothing more: the WebSocket library said the last word, or the connection is gone.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _closing = true;
            _frames.Clear();
            _bytes = 0;
            ReleaseWaiters();
        }

        _closed.TrySetResult();
    }

    void IThreadPoolWorkItem.Execute() => _ = WriteAsync();

    private void Add(OutboundFrame frame)
    {
        _frames.Enqueue(frame);
        _bytes += frame.Bytes.Length;
        if (!_writing)
        {
            _writing = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void ReleaseWaiters() => _waiters?.RemoveAll(waiter => (_closing || _bytes < waiter.Below) && waiter.Reached.TrySetResult());

    private async Task WriteAsync()
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(WriteBytes);
        try
        {
            while (TryFill(buffer, out OutboundFrame? single, out int length, out FrameTrace? traced))
            {
                using (Activity? trace = traced?.StartWrite(length))
                {
                    await transport.WriteAsync(single is null ? buffer.AsMemory(0, length) : single.Bytes);
                }

                lock (_gate)
                {
                    _bytes = Math.Max(0, _bytes - length);
                    ReleaseWaiters();
                }
            }
        }
#pragma warning disable CA1031 // Whatever broke the write, the connection is over; its owner is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Abandon();
            writeFailed(exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Copies as many waiting frames as fit, or hands out one that is too large to copy. False when nothing waits; then nobody writes.</summary>
    private bool TryFill(byte[] buffer, out OutboundFrame? single, out int length, out FrameTrace? traced)
    {
        single = null;
        traced = null;
        length = 0;
        bool ended;
        lock (_gate)
        {
            while (_frames.TryPeek(out OutboundFrame? frame))
            {
                if (length + frame.Bytes.Length > buffer.Length)
                {
                    if (length > 0)
                    {
                        break;
                    }

                    single = _frames.Dequeue();
                    length = single.Bytes.Length;
                    traced = single.Trace;
                    break;
                }

                _frames.Dequeue();
                traced ??= frame.Trace;
                frame.Bytes.CopyTo(buffer.AsSpan(length));
                length += frame.Bytes.Length;
            }

            if (length > 0)
            {
                return true;
            }

            _writing = false;
            ended = _closing;
        }

        if (ended)
        {
            _closed.TrySetResult();
        }

        return false;
    }
}
