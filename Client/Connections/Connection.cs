using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using ChitChatz.Client.Wire;
using ChitChatz.Protocol;

namespace ChitChatz.Client.Connections;

/// <summary>
/// One WebSocket: sends what it is given in that order, finds answers by their ids, and gives up a server that does not answer. Who ends it:
/// the server, <see cref="Abort"/>, or <see cref="CloseAsync"/>; then each request without an answer is told so, and after that
/// <see cref="Ended"/> completes.
/// </summary>
internal sealed partial class Connection : IAsyncDisposable
{
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    private readonly WebSocket _socket;
    private readonly IConnectionOwner _owner;
    private readonly TimeProvider _time;
    private readonly TimeSpan _answerTimeout;
    private readonly Channel<byte[]> _outbound;
    private readonly TaskCompletionSource<TimeSpan> _drain = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _detached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _writing;
    private readonly Task _reading;
    private ChatException? _abortedBecause;

    /// <param name="socket">An open socket, from now on the connection's.</param>
    /// <param name="server">Where it leads.</param>
    /// <param name="options">Deadlines and limits.</param>
    /// <param name="owner">Who gets what comes.</param>
    public Connection(WebSocket socket, Uri server, ChatClientOptions options, IConnectionOwner owner)
    {
        (_socket, Server, _owner) = (socket, server, owner);
        (_time, _answerTimeout) = (options.TimeProvider, options.AnswerTimeout);
        // Each pending send has one frame at most here, and requests are few; when it is full the socket takes nothing, and is cut.
        _outbound = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(options.MaxPendingSends + 256) { SingleReader = true });
        _overdue = _time.CreateTimer(static state => ((Connection)state!).CutIfOverdue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _writing = WriteAsync();
        _reading = ReadAsync();
    }

    /// <summary>Where it leads.</summary>
    public Uri Server { get; }

    /// <summary>Ends with the connection; says why. Never fails.</summary>
    public Task<ChatException> Ended { get; private set; } = null!;

    /// <summary>Ends when the gateway says that it goes away; gives the time in which to go.</summary>
    public Task<TimeSpan> Drain => _drain.Task;

    /// <summary>Ends when nobody is given this connection any more; then there is, or will be, another.</summary>
    public Task Detached => _detached.Task;

    /// <summary>Nobody is given this connection any more.</summary>
    public void Detach() => _detached.TrySetResult();

    /// <summary>The gateway goes away.</summary>
    public void OnDrain(TimeSpan within) => _drain.TrySetResult(within);

    /// <summary>Cuts it without a word.</summary>
    /// <param name="because">What to say about it; the first word counts.</param>
    public void Abort(ChatException because)
    {
        Interlocked.CompareExchange(ref _abortedBecause, because, null);
        _outbound.Writer.TryComplete();
        _socket.Abort();
    }

    /// <summary>Cuts it because the server does not know what the client takes for granted: a new one begins with saying it.</summary>
    public void AbortOutOfStep(ChatException refusal) =>
        Abort(new ChatException(ChatFailure.Closed, $"{Server} has lost track of this client: {refusal.Message}", refusal) { Code = refusal.Code, MayRetry = true });

    /// <summary>Sends what was given, says goodbye, and gives the server a moment to answer.</summary>
    public async Task CloseAsync(WebSocketCloseStatus status)
    {
        var closed = new ChatException(ChatFailure.Closed, "The client closed the connection.");
        _outbound.Writer.TryComplete();
        try
        {
            await _writing.WaitAsync(s_farewell, _time);
            await _socket.CloseOutputAsync(status, null, CancellationToken.None).WaitAsync(s_farewell, _time);
            await _reading.WaitAsync(s_farewell, _time);
        }
        catch (Exception exception) when (exception is TimeoutException || IsEnd(exception))
        {
            // It is cut instead.
        }

        Abort(closed);
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        Abort(new ChatException(ChatFailure.Closed, "The client cut the connection."));
        await _reading;
        await _writing;
        await _overdue.DisposeAsync();
        _socket.Dispose();
    }

    private static bool IsEnd(Exception exception) =>
        exception is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or IOException;

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var frame in _outbound.Reader.ReadAllAsync())
            {
                _owner.OnFrame(ChatFrameDirection.Sent, frame);
                await _socket.SendAsync(frame.AsMemory(), WebSocketMessageType.Text, true, CancellationToken.None);
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // The receive loop sees it too, and what was received before is still read.
            _socket.Abort();
        }
    }

    private Task ReadAsync()
    {
        var ended = new TaskCompletionSource<ChatException>(TaskCreationOptions.RunContinuationsAsynchronously);
        Ended = ended.Task;
        return RunAsync();

        async Task RunAsync()
        {
            // The owner is not called before its constructor call is over.
            await Task.Yield();
            var received = await ReceiveAllAsync();
            // Before anybody hears of it: what they do then is not the reason.
            var reason = Interlocked.CompareExchange(ref _abortedBecause, received, null) ?? received;
            _outbound.Writer.TryComplete();
            _socket.Abort();
            GiveUpRequests();
            ended.SetResult(reason);
        }
    }

    private async Task<ChatException> ReceiveAllAsync()
    {
        try
        {
            FrameBuffer buffer = new();
            while (await buffer.ReceiveAsync(_socket) is { } frame)
                Take(frame);
            var (status, description) = ((int)_socket.CloseStatus.GetValueOrDefault(), _socket.CloseStatusDescription);
            if (_socket.State == WebSocketState.CloseReceived)
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(s_farewell, _time);
            return new ChatException(ChatFailure.Closed, $"{Server} closed the connection: {status} {description}".TrimEnd()) { CloseStatus = status, MayRetry = MayReturn(status) };
        }
        catch (JsonException exception)
        {
            // Its own message quotes what it could not read, which may be somebody's text or a token.
            return new ChatException(ChatFailure.Closed, $"{Server} sent what is not JSON, from byte {exception.BytePositionInLine} of line {exception.LineNumber} on.") { MayRetry = true };
        }
        catch (InvalidDataException exception)
        {
            return new ChatException(ChatFailure.Closed, $"{Server} sent what is no frame of the protocol: {exception.Message}", exception) { MayRetry = true };
        }
        catch (Exception exception) when (exception is TimeoutException || IsEnd(exception))
        {
            return new ChatException(ChatFailure.Closed, $"The connection to {Server} broke.", exception) { MayRetry = true };
        }
    }

    // A status that is not in the table, or none at all, is an accident like any other.
    private static bool MayReturn(int status) => CloseCodes.All.FirstOrDefault(code => code.Status == status)?.Reconnect ?? true;

    private void Take(ReadOnlyMemory<byte> utf8)
    {
        _owner.OnFrame(ChatFrameDirection.Received, utf8);
        using var document = JsonDocument.Parse(utf8);
        var frame = ServerFrame.Read(document);
        if (frame.Jwt is { } jwt)
            _owner.OnToken(jwt);
        if (frame.Id is { } id && TryTakeRequest(id, out var onAnswer))
            onAnswer(frame);
        else
            _owner.OnPush(this, frame);
    }
}
