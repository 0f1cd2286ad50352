using System.Buffers;
using System.Net.WebSockets;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Connections;

internal sealed partial class ChatConnection
{
    private const int FirstBuffer = 4 * 1024;

    private long _messageSince;
    private bool _peerClosed;

    /// <summary>Reads frames until the peer closes, breaks the rules of framing, or is gone.</summary>
    private async Task ReceiveAsync(CancellationToken aborted)
    {
        try
        {
            while (await ReceiveMessageAsync())
            {
            }

            _peerClosed = true;
        }
        catch (WebSocketException exception) when (exception.WebSocketErrorCode != WebSocketError.ConnectionClosedPrematurely)
        {
            // The library has told the peer by a close of its own, with the code that RFC 6455 names.
            ChatConnectionLog.PeerGone(_services.Logger, Number, exception);
            Interlocked.CompareExchange(ref _closingSince, _time.GetTimestamp(), 0);
            _outbound.Abandon();
            await LingerAsync(aborted);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            ChatConnectionLog.PeerGone(_services.Logger, Number, exception);
            _outbound.Abandon();
        }
#pragma warning disable CA1031 // A bug met on one connection ends that connection alone, with a word to its client.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ChatConnectionLog.Failed(_services.Logger, Number, exception);
            Close(CloseCodes.InternalError, ErrorCodes.Internal.Error);
            await LingerAsync(aborted);
        }
    }

    /// <summary>Reads one message and acts on it. False when the peer closed.</summary>
    /// <remarks>
    /// Not cancelled by the request's abort: that comes with the end of the peer's stream, before what it sent last was read.
    /// The reads end by themselves, at that end or because the connection was cut.
    /// </remarks>
    private async ValueTask<bool> ReceiveMessageAsync()
    {
        // A read without a buffer: an idle connection holds none.
        ValueWebSocketReceiveResult read = await _socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
        if (read.MessageType == WebSocketMessageType.Close)
        {
            return false;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            Volatile.Write(ref _messageSince, _time.GetTimestamp());
            int length = 0;
            int most = _session is null ? _limits.UnauthenticatedMessageBytes : _limits.MessageBytes;
            while (!read.EndOfMessage)
            {
                if (length == buffer.Length)
                {
                    buffer = Grow(buffer);
                }

                // The library fills what it is given before it returns: no more than the first byte too many.
                int wanted = Math.Min(buffer.Length, most + 1) - length;
                read = await _socket.ReceiveAsync(buffer.AsMemory(length, wanted), CancellationToken.None);
                if (read.MessageType == WebSocketMessageType.Close)
                {
                    return false;
                }

                length += read.Count;
                if (_outbound.IsClosing)
                {
                    length = 0;
                }
                else
                {
                    CheckLimits(length, most);
                }
            }

            Volatile.Write(ref _messageSince, 0);
            if (!_outbound.IsClosing && !_takesNoMore)
            {
                if (read.MessageType == WebSocketMessageType.Binary)
                {
                    Close(CloseCodes.UnsupportedData, ErrorCodes.BadRequest.Error);
                }
                else
                {
                    // A client that does not read its answers is not asked what else it wants.
                    await _outbound.BelowAsync(_outbound.Capacity / 4 * 3);
                    _services.Instruments.Received();
                    await HandleAsync(buffer.AsMemory(0, length));
                }
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Starts the close when the message under way is too large or in too many pieces; what still comes is read and thrown away.</summary>
    private void CheckLimits(int length, int most)
    {
        if (length > most)
        {
            Close(CloseCodes.TooLarge, new ProtocolError(ErrorCodes.TooLarge, $"A frame may have {most} bytes"));
        }
        else if (_limits.FragmentsPerMessage > 0 && _transport.Meter.Fragments > _limits.FragmentsPerMessage)
        {
            Close(CloseCodes.PolicyViolation, new ProtocolError(ErrorCodes.BadRequest, $"A message may come in {_limits.FragmentsPerMessage} fragments"));
        }
    }

    /// <summary>The peer said goodbye: say it too, unless the goodbye was ours.</summary>
    private async Task AnswerCloseAsync(CancellationToken aborted)
    {
        Close(CloseCodes.Normal, error: null);
        try
        {
            await _outbound.Closed.WaitAsync(aborted);
        }
        catch (OperationCanceledException exception)
        {
            // It did not stay for the answer; a browser whose page goes away does not.
            ChatConnectionLog.PeerGone(_services.Logger, Number, exception);
        }
    }

    /// <summary>
    /// Reads and throws away what the peer still sends, so that the close is not overtaken by a reset. Ends when the peer hangs
    /// up, or when the watch cuts it five seconds after the close.
    /// </summary>
    private async Task LingerAsync(CancellationToken aborted)
    {
        byte[] scratch = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            while (await _transport.ReadAsync(scratch, aborted) > 0)
            {
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            ChatConnectionLog.PeerGone(_services.Logger, Number, exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
