using System.Text;
using ChitChatz.Client.Connections;
using ChitChatz.Client.Rooms;
using ChitChatz.Client.Sending;
using ChitChatz.Client.Wire;
using ChitChatz.Protocol;

namespace ChitChatz.Client;

/// <summary>Messages on their way out: repeated with their id until there is an answer.</summary>
public sealed partial class ChatRoom
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Says something. Completes when the message is in the room's log; until then it is repeated, on any connection, and stored once all the
    /// same. Sends that do not overlap are stored in their order; so are those that do, unless the server refuses one for the time being.
    /// </summary>
    /// <param name="text">The text, 1 to 8,000 UTF-16 units unless the server allows more. Arrives as it is.</param>
    /// <param name="id">
    /// The message's id, 1 to 64 printable ASCII characters; null for a new one. With the same id, text, person and room it is stored once,
    /// also when a later process sends it again: within 24 hours, or the room's newest 10,000 messages if these reach back further.
    /// </param>
    /// <param name="cancellationToken">
    /// Gives up waiting, and repeating. The message may be in the room all the same; sending it again with the same id tells.
    /// </param>
    /// <returns>Where it stands.</returns>
    /// <exception cref="ArgumentException">The text or the id cannot be sent; nothing was.</exception>
    /// <exception cref="ChatException">
    /// <see cref="ChatFailure.Refused"/>: the server will not have it, and it is not in the room. <see cref="ChatFailure.Closed"/>: the room is
    /// over, and it was never sent. <see cref="ChatFailure.OutcomeUnknown"/>: it was sent, and nobody can tell.
    /// </exception>
    public async Task<ChatReceipt> SendAsync(string text, string? id = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        id ??= ChatClient.NewMessageId();
        var frame = WriteMessage(text, id);
        await _slots.WaitAsync(cancellationToken);
        try
        {
            // What made room may have been given up by the same token: this one was not begun, and is not begun now.
            cancellationToken.ThrowIfCancellationRequested();
            var began = _client.Options.TimeProvider.GetTimestamp();
            PendingSend send = new(id, frame);
            Enqueue(send);
            await using var withdrawal = cancellationToken.UnsafeRegister(
                static (state, token) => ((Action<CancellationToken>)state!)(token), (Action<CancellationToken>)(token => Withdraw(send, token)));
            var receipt = await send.Outcome.Task;
            _client.Instruments.Acked(_client.Options.TimeProvider.GetElapsedTime(began));
            return receipt;
        }
        catch (ChatException failure)
        {
            _client.Instruments.Failed(failure.Failure);
            throw;
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>The server knows the client as somebody else now: as that one it cannot repeat what it sent before.</summary>
    internal void OnIdentityChanged() => FailUnrepeatable(all: true);

    private byte[] WriteMessage(string text, string id)
    {
        if (id.Length is 0 or > WireLimits.MaxIdLength || id.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            throw new ArgumentException($"An id has 1 to {WireLimits.MaxIdLength} printable ASCII characters.", nameof(id));
        try
        {
            s_strict.GetByteCount(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException("The text is not well-formed: it has half of a surrogate pair.", nameof(text), exception);
        }

        var frame = Requests.Message(id, Name, text);
        return frame.Length <= _client.Options.MaxFrameBytes
            ? frame
            : throw new ArgumentException($"The text is too long: its frame has {frame.Length} bytes, and MaxFrameBytes is {_client.Options.MaxFrameBytes}.", nameof(text));
    }

    private void Enqueue(PendingSend send)
    {
        lock (_client.Gate)
        {
            if (_over is not null)
                throw new ChatException(ChatFailure.Closed, _over.Message, _over);
            if (_closing)
                throw new ChatException(ChatFailure.Closed, "The room is being left.");
            if (!_outbox.TryAdd(send))
                throw new ArgumentException($"A message with the id '{send.Id}' is on its way.");
            Flush();
        }
    }

    private void Withdraw(PendingSend send, CancellationToken cancellationToken)
    {
        lock (_client.Gate)
        {
            if (_outbox.Remove(send))
                send.Outcome.TrySetCanceled(cancellationToken);
        }
    }

    /// <summary>Sends what is due, unless the server asked to wait.</summary>
    private void Flush()
    {
        lock (_client.Gate)
        {
            if (_connection is not { } connection || _sendPause.IsRunning)
                return;
            var (due, repeats) = _outbox.TakeDue();
            _client.Instruments.Repeated(repeats);
            foreach (var send in due)
                connection.Ask(send.Id, send.Frame, answer => OnAnswer(connection, send, answer));
        }
    }

    private void OnAnswer(Connection connection, PendingSend send, ServerFrame? answer)
    {
        lock (_client.Gate)
        {
            // Whatever a connection left unanswered is due again once there is another; see Detach.
            if (answer is not { } frame || _connection != connection)
                return;
            if (frame.Event != EventNames.Error)
            {
                var receipt = frame.ReadReceipt();
                _sendBackoff.Reset();
                if (_outbox.Remove(send))
                    send.Outcome.TrySetResult(receipt);
                return;
            }

            var refusal = frame.ReadError();
            send.IsInFlight = false;
            if (refusal.MayRetry)
            {
                _client.Log.SendPutOff(Name, refusal.Code);
                if (!_sendPause.IsRunning)
                    _sendPause.Start(_sendBackoff.Next(refusal.RetryAfter));
            }
            else if (RoomRules.IsOutOfStep(refusal))
            {
                connection.AbortOutOfStep(refusal);
            }
            else if (_outbox.Remove(send))
            {
                Fail(send, refusal);
            }
        }
    }

    private void FailUnrepeatable(bool all)
    {
        lock (_client.Gate)
        {
            foreach (var send in _outbox.TakeUnrepeatable(all))
                Fail(send, new ChatException(ChatFailure.OutcomeUnknown, "The message was sent, its answer never came, and it can be repeated no more.", _over));
        }
    }

    private static void Fail(PendingSend send, ChatException because) => send.Outcome.TrySetException(because);
}
