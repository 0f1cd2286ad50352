using ChitChatz.Client.Connections;
using ChitChatz.Client.Rooms;
using ChitChatz.Client.Wire;
using ChitChatz.Protocol;

namespace ChitChatz.Client;

/// <summary>Rooms: one at a time.</summary>
public sealed partial class ChatClient
{
    // One change of room at a time.
    private readonly SemaphoreSlim _membership = new(1, 1);

    // Whether a join is on its way, after which the server has the client there; and whether a room was left meanwhile.
    private bool _isEntering;
    private bool _owesLeave;

    /// <summary>
    /// Enters a room, after connecting if that is still to be done, and leaves the current one when all that was sent there has its outcome. A
    /// room that nobody is in is made by this.
    /// </summary>
    /// <param name="room">The room's name, 1 to 128 characters, by the server's rules.</param>
    /// <param name="after">
    /// The last message that was dealt with, in an earlier life: all messages above it come. Null for those only that are sent from now on.
    /// </param>
    /// <param name="cancellationToken">Gives up; the client then is where it was.</param>
    /// <returns>The room, until it is left.</returns>
    /// <exception cref="ChatException">It could not connect, the room was refused, or the client is closed. The client then is where it was.</exception>
    public async Task<ChatRoom> JoinAsync(string room, ChatPosition? after = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(room);
        await ConnectAsync(cancellationToken);
        await _membership.WaitAsync(cancellationToken);
        try
        {
            var old = Room;
            ChatRoom entered = new(this, room, after);
            try
            {
                if (old is not null)
                    await old.CloseSends().WaitAsync(cancellationToken);
                await EnterAsync(entered, old, cancellationToken);
                return entered;
            }
            catch
            {
                old?.ReopenSends();
                throw;
            }
        }
        finally
        {
            _membership.Release();
        }
    }

    internal async Task LeaveAsync(ChatRoom room, CancellationToken cancellationToken)
    {
        await _membership.WaitAsync(cancellationToken);
        try
        {
            await room.CloseSends().WaitAsync(cancellationToken);
            Leave(room);
        }
        catch
        {
            room.ReopenSends();
            throw;
        }
        finally
        {
            _membership.Release();
        }
    }

    /// <summary>Leaves a room at once; does nothing when it was left before.</summary>
    internal void Leave(ChatRoom room)
    {
        lock (Gate)
        {
            if (_room != room)
                return;
            _room = null;
            // A join that is on its way takes the client out of it; a leave behind that would take it out of the next.
            if (_isEntering)
                _owesLeave = true;
            else
                SayLeave();
        }

        room.End(new ChatException(ChatFailure.Closed, "The room was left."), failsReader: false);
    }

    /// <summary>Sends a request over whichever connection there is, again on the next if one ends, and after a pause if the server asks for that.</summary>
    internal async Task<T> AskAsync<T>(
        Func<Task<Connection>> whenReady, Func<string, byte[]> write, Func<ServerFrame, T> read, CancellationToken cancellationToken, Action? onRefusedForNow = null)
    {
        var backoff = Backoff.OfRefusals(Options);
        while (true)
        {
            var connection = await whenReady().WaitAsync(cancellationToken);
            try
            {
                var id = connection.NewId();
                return await connection.AskAsync(id, write(id), read).WaitAsync(cancellationToken);
            }
            catch (ChatException failure) when (failure.Failure != ChatFailure.Refused)
            {
                // Again on the next one.
                await connection.Detached.WaitAsync(cancellationToken);
            }
            catch (ChatException refusal) when (RoomRules.IsOutOfStep(refusal))
            {
                // Unless it is the caller who has left meanwhile; then this is where it is told.
                if (await whenReady().WaitAsync(cancellationToken) == connection)
                    connection.AbortOutOfStep(refusal);
                await connection.Detached.WaitAsync(cancellationToken);
            }
            catch (ChatException refusal) when (refusal.MayRetry)
            {
                onRefusedForNow?.Invoke();
                await Task.Delay(backoff.Next(refusal.RetryAfter), Options.TimeProvider, cancellationToken);
            }
        }
    }

    /// <summary>Joins on the connection that there is; when it breaks before the answer, the client comes back to its old room first.</summary>
    private async Task EnterAsync(ChatRoom entered, ChatRoom? old, CancellationToken cancellationToken)
    {
        var asked = 0;
        try
        {
            await AskAsync(
                WhenConnectedAsync,
                id =>
                {
                    asked++;
                    lock (Gate)
                        _isEntering = true;
                    return entered.JoinFrame(id, jwt: null);
                },
                frame => frame.ReadJoin() is var answer && Enter(entered, old, answer),
                cancellationToken,
                NotEntering);
        }
        catch (ChatException refusal) when (refusal is { Failure: ChatFailure.Refused, MayRetry: false })
        {
            // The server leaves a client that it refuses where it was, unless an earlier answer took it out.
            if (asked > 1)
                ComeBack();
            throw;
        }
        catch (OperationCanceledException)
        {
            lock (Gate)
            {
                if (_room == entered)
                    return;
                entered.End(new ChatException(ChatFailure.Closed, "The join was given up."), failsReader: false);
            }

            // The server may or may not have moved it.
            if (asked > 0)
                ComeBack();
            throw;
        }
        finally
        {
            NotEntering();
        }
    }

    /// <summary>No join is on its way any more. A room that was left meanwhile is left now, unless the client is in another.</summary>
    private void NotEntering()
    {
        lock (Gate)
        {
            if (_owesLeave && _room is null)
                SayLeave();
            _isEntering = _owesLeave = false;
        }
    }

    /// <summary>To where the client was before a join, by way of a new connection.</summary>
    private void ComeBack()
    {
        Connection? connection;
        lock (Gate)
            connection = _connection;
        connection?.Abort(new ChatException(ChatFailure.Closed, "A join came to nothing.") { MayRetry = true });
    }

    /// <summary>The answer to a join, on the receive loop.</summary>
    private bool Enter(ChatRoom entered, ChatRoom? old, JoinAnswer answer)
    {
        lock (Gate)
        {
            // The one that is joined is the one whose answer this is: there is one connection, and one join at a time.
            if (_connection is not { } connection || entered.IsOver)
                return false;
            _room = entered;
            entered.Attach(connection, answer);
        }

        old?.End(new ChatException(ChatFailure.Closed, "The room was left for another."), failsReader: false);
        return true;
    }

    /// <summary>Says that the client is in no room, and does not wait: what is asked later takes effect later. Under the lock.</summary>
    private void SayLeave()
    {
        if (_connection is not { } connection)
            return;
        var id = connection.NewId();
        connection.Ask(id, Requests.Plain(EventNames.LeaveRoom, id), static _ => { });
    }

    private void EndRoom(ChatException because, bool failsReader)
    {
        if (Room is { } room)
            EndRoom(room, because, failsReader);
    }

    private void EndRoom(ChatRoom room, ChatException because, bool failsReader)
    {
        lock (Gate)
        {
            if (_room == room)
                _room = null;
        }

        room.End(because, failsReader);
    }
}
