using System.Net.WebSockets;
using ChitChatz.Gateway.Handshake;
using ChitChatz.Gateway.Identity;
using ChitChatz.Gateway.Limits;
using ChitChatz.Gateway.RoomList;
using ChitChatz.Gateway.Rooms;
using ChitChatz.Gateway.Transport;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Connections;

/// <summary>
/// One WebSocket from its upgrade to its end. Its frames take effect one after the other in the order sent; only texts are posted
/// without waiting for their outcome, and whatever changes the room or the identity waits for them.
/// </summary>
/// <remarks>By concern: Receive (the loop), Commands (what the events do), Rooms (join, leave),
/// Identity (register, tokens), Drafts (texts under way), History (what is in the log), Answers (frames for this client alone), Watch (deadlines).</remarks>
internal sealed partial class ChatConnection : IRoomConnection
{
    private readonly ConnectionServices _services;
    private readonly LimitsSettings _limits;
    private readonly TimeProvider _time;
    private readonly WebSocket _socket;
    private readonly WebSocketTransport _transport;
    private readonly OutboundQueue _outbound;
    private readonly HandshakeResult _handshake;
    private readonly Action _abort;
    private readonly TokenBucket _messageRate;
    private readonly TokenBucket _joinRate;
    private readonly ViolationCounter _violations;
    private readonly Lock _violationsGate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _roomsGate = new();
    private volatile bool _takesNoMore;
    private LocalRoom? _room;
    private RoomListSnapshot? _seenRooms;

    /// <param name="services">What all connections share.</param>
    /// <param name="socket">The accepted WebSocket; only its receiving half is used.</param>
    /// <param name="transport">The stream below it, for what is sent.</param>
    /// <param name="handshake">What the upgrade request said.</param>
    /// <param name="abort">Cuts the TCP connection.</param>
    public ChatConnection(ConnectionServices services, WebSocket socket, WebSocketTransport transport, HandshakeResult handshake, Action abort)
    {
        _services = services;
        _limits = services.Limits;
        _time = services.Time;
        _socket = socket;
        _transport = transport;
        _handshake = handshake;
        _abort = abort;
        _outbound = new OutboundQueue(transport, _limits.OutboundQueueBytes, OnWriteFailed);
        _openedAt = _time.GetTimestamp();
        _violations = new ViolationCounter(_limits.ViolationsPerMinute, _time);
        bool exempt = handshake.Lease.IsExempt;
        _messageRate = new TokenBucket(exempt ? RateLimit.Off : _limits.Messages, _time);
        _joinRate = new TokenBucket(exempt ? RateLimit.Off : _limits.Joins, _time);
        _token = new ConnectionToken(services.Tokens);
        Number = services.Registry.NextNumber();
    }

    /// <summary>This connection's number, unique in the process.</summary>
    public long Number { get; }

    /// <summary>Queues a frame; never waits. A peer that reads too slowly for what it is sent is cut.</summary>
    public void Send(OutboundFrame frame)
    {
        if (!_outbound.TryEnqueue(frame))
        {
            _services.Instruments.SlowReaderCut();
            Close(CloseCodes.TooSlow, error: null, dropWaiting: true);
        }
    }

    /// <inheritdoc />
    public bool IsVersion2 { get; private set; }

    /// <inheritdoc />
    public bool IsDrained => _outbound.Bytes < _outbound.Capacity / 2;

    /// <summary>The bytes that wait to be sent.</summary>
    public int WaitingBytes => _outbound.Bytes;

    /// <summary>Queues a frame that may be left out; an eighth of the queue is kept for answers.</summary>
    public bool TrySend(OutboundFrame frame) => _outbound.TryEnqueue(frame, _outbound.Capacity / 8);

    /// <summary>Sends the list of rooms unless this is what the connection saw last. True when it was sent.</summary>
    public bool PushRooms(RoomListSnapshot snapshot)
    {
        lock (_roomsGate)
        {
            if (_session is null || _seenRooms?.Number >= snapshot.Number)
            {
                return false;
            }

            SendRooms(snapshot);
            return true;
        }
    }

    /// <summary>Says why, then closes; what was queued before is sent first. The peer has five seconds to answer.</summary>
    public void Close(CloseCode code, ProtocolError? error, bool dropWaiting = false, string? id = null)
    {
        if (Interlocked.CompareExchange(ref _closingSince, _time.GetTimestamp(), 0) == 0 && error is not null)
        {
            _services.Instruments.Refused(error.Code);
        }

        OutboundFrame? lastWords = error is null ? null : ErrorFrame(error, jwt: null, id);
        _outbound.Close(lastWords, OutboundFrame.Close(code), dropWaiting);
    }

    /// <summary>From now on frames are read and thrown away: the process stops, and what they ask for would come to nothing.</summary>
    public void TakeNoMore() => _takesNoMore = true;

    /// <summary>Ends when all texts that were taken have their outcome.</summary>
    public Task WhenPosted() => DraftsBelowAsync(1);

    /// <summary>Tells a client of version 2 that the gateway goes away, so that it looks for another before it is sent away.</summary>
    public void AnnounceDrain(TimeSpan within) => TrySend(OutboundFrame.Text(within, static (output, within) => FrameWriter.Drain(output, within)));

    /// <summary>Ends when the connection is over.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Asks the client to come back later. Ends when the connection is over.</summary>
    public Task SayGoodbyeAsync()
    {
        Close(CloseCodes.Restart, error: null);
        return Ended;
    }

    /// <summary>Cuts the TCP connection.</summary>
    public void Cut() => _abort();

    /// <summary>Serves the connection to its end, and cleans up after it.</summary>
    public async Task RunAsync(CancellationToken aborted)
    {
        _services.Registry.Add(this);
        _services.Instruments.ConnectionOpened();
        try
        {
            await ReceiveAsync(aborted);
        }
        finally
        {
            // Each step runs whatever the one before did. The name first: whoever sees the room empty finds the name free.
            _services.Registry.Remove(this);
            _services.Instruments.ConnectionClosed();
            await DraftsBelowAsync(1);
            await QuietlyAsync(GiveNameBackAsync());
            await QuietlyAsync(LeaveRoomAsync(lost: !_gaveUp));

            // Last, so that a client whose close was answered finds its name free and its room left.
            if (_peerClosed)
            {
                await QuietlyAsync(AnswerCloseAsync(aborted));
            }

            _ended.TrySetResult();
        }
    }

    /// <summary>Sends the list, or the newer one that a push sent meanwhile: an older list must not be the last one sent.</summary>
    private void SendRooms(RoomListSnapshot snapshot, string? jwt = null, string? id = null)
    {
        // Sending never waits, so neither does the other of the two, the push or the answer.
        lock (_roomsGate)
        {
            if (_seenRooms is { } seen && seen.Number > snapshot.Number)
            {
                snapshot = seen;
            }

            Volatile.Write(ref _seenRooms, snapshot);
            RoomListing? own = _room is { } room && !snapshot.Shows(room.Key) ? _services.Rooms.List.Find(room.Key) : null;
            if (jwt is null && id is null)
            {
                Send(own is null ? snapshot.Frame : snapshot.FrameWith(own));
                return;
            }

            string[] names = own is null ? snapshot.Names : snapshot.NamesWith(own);
            Send(OutboundFrame.Text((names, jwt, id), static (output, state) => FrameWriter.Rooms(output, state.names, state.jwt, state.id)));
        }
    }

    private void OnWriteFailed(Exception exception)
    {
        ChatConnectionLog.WriteFailed(_services.Logger, Number, exception);
        _abort();
    }

    private async Task QuietlyAsync(Task step)
    {
        try
        {
            await step;
        }
#pragma warning disable CA1031 // The next step of the clean-up must run; leases heal what this one could not tell.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ChatConnectionLog.CleanUpFailed(_services.Logger, Number, exception);
        }
    }
}
