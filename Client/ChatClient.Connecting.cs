using System.Net.WebSockets;
using ChitChatz.Client.Connections;
using ChitChatz.Client.Rooms;
using ChitChatz.Client.Wire;

namespace ChitChatz.Client;

/// <summary>
/// Getting connected and staying so. One loop connects, waits for the connection's end, pauses and connects again; whatever ends it, it ends
/// the room and the waiting calls too.
/// </summary>
public sealed partial class ChatClient
{
    /// <summary>A connection that ends before it has lived so long counts as a failed attempt, and lets the pauses grow.</summary>
    private static readonly TimeSpan s_stable = TimeSpan.FromSeconds(5);

    private TaskCompletionSource? _first;
    private Task _running = Task.CompletedTask;
    private ChatException? _closedBecause;
    private bool _isClosing;

    /// <summary>Connects and registers. Does nothing when the client is connected, or tries to be.</summary>
    /// <param name="cancellationToken">Gives up waiting; the client goes on trying until it is closed.</param>
    /// <exception cref="ChatException">
    /// <see cref="ChatFailure.Unreachable"/>: none of the servers could be connected to. <see cref="ChatFailure.Refused"/>: the name is taken or
    /// not allowed. <see cref="ChatFailure.Closed"/>: the client is closed. After the first two it may be called again, though not by a handler of <see cref="StateChanged"/>, which gets what the same attempt came to.
    /// </exception>
    public Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        Task first;
        lock (Gate)
        {
            if (_isClosing || _closedBecause is not null)
                return Task.FromException(_closedBecause ?? ClosedByUser());
            if (_first is null)
            {
                var attempt = _first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _running = Task.Run(() => RunAsync(attempt), CancellationToken.None);
            }

            first = _first.Task;
        }

        return first.WaitAsync(cancellationToken);
    }

    private async Task RunAsync(TaskCompletionSource first)
    {
        try
        {
            await ConnectAgainAndAgainAsync(first);
        }
#pragma warning disable CA1031 // Whatever it is, callers must not wait for ever.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ChatException failure = new(ChatFailure.Closed, $"The client failed: {exception.Message}", exception);
            Log.Ended(_servers.Current, failure);
            CloseForGood(failure, failure);
            first.TrySetException(failure);
        }
    }

    private async Task ConnectAgainAndAgainAsync(TaskCompletionSource first)
    {
        SetState(ChatState.Connecting, _servers.Current, reason: null, retryIn: null);
        for (var attempts = 1; ; attempts++)
        {
            var server = _servers.Current;
            var (reason, isFinal, pauses) = await LiveAsync(server, first);
            if (IsClosing)
            {
                first.TrySetException(ClosedByUser());
                return;
            }

            var isFirst = !first.Task.IsCompleted;
            _servers.Next();
            if (isFirst && (isFinal || (!Options.RetryFirstConnect && attempts >= _servers.Count)))
            {
                GiveUpFirst(first, server, reason);
                return;
            }

            if (isFinal)
            {
                Log.Ended(server, reason);
                CloseForGood(reason, reason);
                return;
            }

            // The first round over all servers is made without pauses: the next one may be there.
            var pause = pauses && !(isFirst && attempts < _servers.Count) ? _backoff.Next(reason.RetryAfter) : TimeSpan.Zero;
            await PauseAsync(isFirst ? ChatState.Connecting : ChatState.Reconnecting, server, reason, pause);
        }
    }

    private async Task PauseAsync(ChatState state, Uri server, ChatException reason, TimeSpan pause)
    {
        Log.Lost(server, reason, pause);
        // Begun before it is told, so that whoever is told and moves a clock moves this one.
        var pausing = Task.Delay(pause, Options.TimeProvider, _stop.Token);
        SetState(state, server, reason, pause);
        await pausing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void GiveUpFirst(TaskCompletionSource first, Uri server, ChatException reason)
    {
        // Told first: who connects anew upon that waits for this attempt, and two do not live side by side.
        SetState(ChatState.Disconnected, server, reason, retryIn: null);
        lock (Gate)
            _first = null;
        first.TrySetException(reason);
    }

    /// <summary>One connection, from its opening to its end.</summary>
    /// <returns>Why it ended, whether the client should not come back, and whether it should pause before it does.</returns>
    private async Task<(ChatException Reason, bool IsFinal, bool Pauses)> LiveAsync(Uri server, TaskCompletionSource first)
    {
        Connection connection;
        try
        {
            connection = await OpenAsync(server);
        }
        catch (ChatException failure)
        {
            Instruments.Connected(succeeded: false);
            return (failure, !failure.MayRetry && !RoomRules.IsOutOfStep(failure), Pauses: true);
        }

        Instruments.Connected(succeeded: true);
        var since = Options.TimeProvider.GetTimestamp();
        Log.Connected(server);
        SetState(ChatState.Connected, server, reason: null, retryIn: null);
        first.TrySetResult();
        var drained = false;
        await using (_stop.Token.UnsafeRegister(static state => ((Connection)state!).Abort(ClosedByUser()), connection))
            drained = await WaitForEndAsync(connection);
        Detach(connection);
        await connection.DisposeAsync();
        Instruments.Disconnected();
        var reason = await connection.Ended;
        var wasStable = Options.TimeProvider.GetElapsedTime(since) >= s_stable;
        if (wasStable)
            _backoff.Reset();
        return (reason, !reason.MayRetry, Pauses: !(drained && wasStable));
    }

    /// <summary>Waits until the connection ends, or until it is time to go because its gateway goes. True for the latter.</summary>
    private async Task<bool> WaitForEndAsync(Connection connection)
    {
        await Task.WhenAny(connection.Ended, connection.Drain);
        if (connection.Ended.IsCompleted)
            return false;

        // After a random part of that time, so that not all come to the others at once.
        var within = await connection.Drain * Options.Random.NextDouble();
        Log.Draining(connection.Server, within);
        await Task.WhenAny(connection.Ended, Task.Delay(within, Options.TimeProvider, _stop.Token));
        // Sent away before that, with all others: then there is the usual pause.
        if (connection.Ended.IsCompleted)
            return false;

        connection.Abort(new ChatException(ChatFailure.Closed, $"{connection.Server} goes away.") { MayRetry = true });
        await connection.Ended;
        return true;
    }

    private async Task<Connection> OpenAsync(Uri server)
    {
        var connection = new Connection(await OpenSocketAsync(server), server, Options, this);
        try
        {
            await using var stop = _stop.Token.UnsafeRegister(static state => ((Connection)state!).Abort(ClosedByUser()), connection);
            await GreetAsync(connection);
            return connection;
        }
        catch (ChatException exception)
        {
            await connection.DisposeAsync();
            Detach(connection);
            if (exception.Failure == ChatFailure.Refused)
                throw;
            // Its own last word says more than that there was no answer.
            var reason = await connection.Ended;
            throw new ChatException(ChatFailure.Unreachable, reason.Message, reason) { MayRetry = reason.MayRetry, CloseStatus = reason.CloseStatus };
        }
    }

    private async Task<WebSocket> OpenSocketAsync(Uri server)
    {
        using CancellationTokenSource patience = new(Options.ConnectTimeout, Options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stop.Token);
        try
        {
            return await (Options.OpenSocket ?? SocketOpener.OpenAsync)(server, either.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw new ChatException(ChatFailure.Unreachable, $"{server} did not open a connection within {Options.ConnectTimeout.TotalSeconds} s.", exception) { MayRetry = true };
        }
#pragma warning disable CA1031 // What opens it may be the application's own, and fail in any way.
        catch (Exception exception) when (exception is not ChatException)
#pragma warning restore CA1031
        {
            throw new ChatException(ChatFailure.Unreachable, $"{server} cannot be connected to: {exception.Message}", exception) { MayRetry = true };
        }
    }

    /// <summary>Says who and where one is. With a token that still counts one frame does both.</summary>
    private async Task GreetAsync(Connection connection)
    {
        var (room, token) = CurrentRoom();
        if (room is not null && token is not null)
        {
            try
            {
                await ResumeAsync(connection, room, token);
                Use(connection, room);
                return;
            }
            catch (ChatException refusal) when (RoomRules.NeedsRegister(refusal))
            {
                // As one who begins anew, then.
            }
            catch (ChatException refusal) when (refusal is { Failure: ChatFailure.Refused, MayRetry: false })
            {
                EndRoom(room, refusal, failsReader: true);
            }
        }

        var id = connection.NewId();
        await connection.AskAsync(id, Requests.Register(id, Name, Token), static _ => true);
        (room, _) = CurrentRoom();
        if (room is not null)
        {
            try
            {
                await ResumeAsync(connection, room, token: null);
            }
            catch (ChatException refusal) when (refusal is { Failure: ChatFailure.Refused, MayRetry: false } && !RoomRules.IsOutOfStep(refusal))
            {
                EndRoom(room, refusal, failsReader: true);
            }
        }

        Use(connection, room);
    }

    private (ChatRoom? Room, string? Token) CurrentRoom()
    {
        lock (Gate)
            return (_room, _identity.IsFresh ? _identity.Token : null);
    }

    private static Task<JoinAnswer> ResumeAsync(Connection connection, ChatRoom room, string? token)
    {
        var id = connection.NewId();
        return connection.AskAsync(id, room.JoinFrame(id, token), frame =>
        {
            var answer = frame.ReadJoin();
            room.Attach(connection, answer);
            return answer;
        });
    }

    /// <summary>From now on calls go over this connection.</summary>
    private void Use(Connection connection, ChatRoom? joined)
    {
        lock (Gate)
        {
            _connection = connection;
            _connected.TrySetResult(connection);
            // Left while it was being joined.
            if (joined is not null && _room != joined)
                SayLeave();
        }
    }

    private void Detach(Connection connection)
    {
        lock (Gate)
        {
            if (_connection == connection)
            {
                _connection = null;
                _connected = new TaskCompletionSource<Connection>(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            _room?.Detach();
        }

        connection.Detach();
    }

    private bool IsClosing
    {
        get
        {
            lock (Gate)
                return _isClosing;
        }
    }

    private static ChatException ClosedByUser() => new(ChatFailure.Closed, "The client was closed.");

    private Task<Connection> WhenConnectedAsync()
    {
        lock (Gate)
            return _closedBecause is null ? _connected.Task : Task.FromException<Connection>(_closedBecause);
    }

    private void CloseForGood(ChatException because, ChatException? reason)
    {
        lock (Gate)
        {
            if (_closedBecause is not null)
                return;
            _closedBecause = because;
            _state = ChatState.Closed;
            _connected.TrySetException(because);
            _ = _connected.Task.Exception;
            _refresh.Cancel();
        }

        EndRoom(because, failsReader: reason is not null);
        Raise(StateChanged, this, new ChatStateChange(ChatState.Closed, Server: null, reason, RetryIn: null));
    }

    private void SetState(ChatState state, Uri server, ChatException? reason, TimeSpan? retryIn)
    {
        lock (Gate)
        {
            if (_closedBecause is not null)
                return;
            _state = state;
        }

        Raise(StateChanged, this, new ChatStateChange(state, server, reason, retryIn));
    }
}
