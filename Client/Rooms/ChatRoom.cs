using ChitChatz.Client.Connections;
using ChitChatz.Client.Rooms;
using ChitChatz.Client.Sending;
using ChitChatz.Client.Wire;
using ChitChatz.Protocol;

namespace ChitChatz.Client;

/// <summary>
/// A room that the client is in, until it is left, another one is joined, or the client is closed. While the connection is away it stays the
/// same room: messages come when it is back, and what is sent waits.
/// </summary>
public sealed partial class ChatRoom : IAsyncDisposable
{
    private readonly ChatClient _client;
    private readonly string _asked;
    private readonly RoomCursor _cursor;
    private readonly MessageBuffer _buffer;
    private readonly Outbox _outbox;
    private readonly SemaphoreSlim _slots;
    private readonly Pause _sendPause;
    private readonly Pause _readPause;
    private readonly Backoff _sendBackoff;
    private readonly Backoff _readBackoff;
    private Connection? _connection;
    private TaskCompletionSource<Connection> _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closing;
    private ChatException? _over;

    internal ChatRoom(ChatClient client, string room, ChatPosition? after)
    {
        var options = client.Options;
        (_client, _asked, Name) = (client, room, room);
        _buffer = new MessageBuffer(options.MessageBuffer);
        _cursor = new RoomCursor(_buffer, after);
        _outbox = new Outbox(options.TimeProvider);
        _slots = new SemaphoreSlim(options.MaxPendingSends);
        _sendPause = new Pause(options.TimeProvider, Flush);
        _readPause = new Pause(options.TimeProvider, ReadLog);
        _sendBackoff = Backoff.OfRefusals(options);
        _readBackoff = Backoff.OfRefusals(options);
    }

    /// <summary>News of the people in it, in the order in which it comes, on the client's receive loop: return quickly.</summary>
    public event EventHandler<ChatPresence>? PresenceChanged;

    /// <summary>The room's name as it is shown to everybody.</summary>
    public string Name { get; private set; }

    /// <summary>Where the room's log stood when the client joined it first: <see cref="GetHistoryAsync"/> with <c>before</c> one above it reads what was said until then.</summary>
    public ChatPosition Head { get; private set; }

    /// <summary>
    /// The room's messages in the order of its log, each once, whatever happens to the connection: from the join on, or from the position that
    /// the join named. Ends when the room is left or the client closed. One reader at a time; a later one goes on where the last stopped.
    /// </summary>
    /// <remarks>
    /// Up to <see cref="ChatClientOptions.MessageBuffer"/> messages wait for a slow reader; further ones are left in the room's log and read
    /// from there later, so that a reader who stops costs no memory and misses nothing that the server still keeps. Where it does not keep it,
    /// the next message says so in its <see cref="ChatMessage.Gap"/>.
    /// </remarks>
    /// <param name="cancellationToken">Ends the reading; what was not read stays.</param>
    /// <exception cref="ChatException">The server ended the room or the client for good.</exception>
    /// <exception cref="InvalidOperationException">Another reader is at it.</exception>
    public IAsyncEnumerable<ChatMessage> ReadMessagesAsync(CancellationToken cancellationToken = default) => _buffer.ReadAllAsync(OnMessageTaken, cancellationToken);

    /// <summary>Reads a piece of the room's log: below <paramref name="before"/>, above <paramref name="after"/>, between them, or the newest.</summary>
    /// <param name="before">Only messages below this one; null for no end.</param>
    /// <param name="after">Only messages above this one; null to read the newest of what is left.</param>
    /// <param name="limit">How many at most, 1 to 100. The server may give fewer, and says then that there are more.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ChatException">It was refused, or the room is over.</exception>
    public Task<ChatHistory> GetHistoryAsync(ChatPosition? before = null, ChatPosition? after = null, int limit = 50, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, WireLimits.MaxHistory);
        return AskAsync(id => Requests.GetHistory(id, Name, before, after, limit), static frame => frame.ReadHistory(), cancellationToken);
    }

    /// <summary>Asks who is in the room.</summary>
    /// <exception cref="ChatException">It was refused, or the room is over.</exception>
    public Task<ChatMembers> GetMembersAsync(CancellationToken cancellationToken = default) =>
        AskAsync(id => Requests.Plain(EventNames.GetMembers, id, Name), static frame => frame.ReadMembers(), cancellationToken);

    /// <summary>Tells the others that the user is typing. More often than every 3 s the server drops it.</summary>
    /// <exception cref="ChatException">It was refused, or the room is over.</exception>
    public Task SendTypingAsync(CancellationToken cancellationToken = default) =>
        AskAsync(id => Requests.Plain(EventNames.Typing, id, Name), static _ => true, cancellationToken);

    /// <summary>Leaves the room when all that was sent has its outcome. Further sends are refused from now on.</summary>
    /// <param name="cancellationToken">Gives up waiting for outcomes; the client then stays in the room.</param>
    public Task LeaveAsync(CancellationToken cancellationToken = default) => _client.LeaveAsync(this, cancellationToken);

    /// <summary>Leaves the room at once. Sends that have no outcome yet fail.</summary>
    public ValueTask DisposeAsync()
    {
        _client.Leave(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Whether it has ended.</summary>
    internal bool IsOver
    {
        get
        {
            lock (_client.Gate)
                return _over is not null;
        }
    }

    /// <summary>The frame that joins this room, from where the client is in it.</summary>
    internal byte[] JoinFrame(string id, string? jwt)
    {
        lock (_client.Gate)
        {
            if (_client.Options.ForgetsPosition)
                _cursor.Forget();
            return Requests.Join(id, _asked, _cursor.Position, jwt);
        }
    }

    /// <summary>The join was answered on a connection. Called on its receive loop, before any message of the room is read.</summary>
    internal void Attach(Connection connection, JoinAnswer answer)
    {
        lock (_client.Gate)
        {
            if (_over is not null)
                return;
            if (Name != answer.Room || Head == default)
                (Name, Head) = (answer.Room, Head == default ? new ChatPosition(answer.Epoch, answer.Head) : Head);
            _cursor.Joined(answer);
            (_connection, _readingLog, _emptyReads) = (connection, false, 0);
            _joined.TrySetResult(connection);
            FailUnrepeatable(all: false);
            Flush();
            ReadLog();
        }
    }

    /// <summary>The connection is gone.</summary>
    internal void Detach()
    {
        lock (_client.Gate)
        {
            if (_connection is null)
                return;
            _connection = null;
            _joined = new TaskCompletionSource<Connection>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_over is not null)
                _joined.TrySetException(_over);
            _outbox.Rewind();
            _sendPause.Cancel();
            _readPause.Cancel();
        }
    }

    /// <summary>No further sends; ends when all have their outcome.</summary>
    internal Task CloseSends()
    {
        lock (_client.Gate)
        {
            _closing = true;
            return _outbox.Empty;
        }
    }

    /// <summary>It was not left after all.</summary>
    internal void ReopenSends()
    {
        lock (_client.Gate)
            _closing = false;
    }

    /// <summary>The room is over.</summary>
    /// <param name="because">What callers are told.</param>
    /// <param name="failsReader">Whether the reader gets it too; else its messages just end.</param>
    internal void End(ChatException because, bool failsReader)
    {
        lock (_client.Gate)
        {
            if (_over is not null)
                return;
            _over = because;
            _connection = null;
            _buffer.Complete(failsReader ? because : null);
            _joined.TrySetException(because);
            // Nobody may be waiting.
            _ = _joined.Task.Exception;
            FailUnrepeatable(all: true);
            foreach (var send in _outbox.TakeAll())
                Fail(send, because);
            _sendPause.Dispose();
            _readPause.Dispose();
        }
    }

    internal void OnPresence(ChatPresence presence) => _client.Raise(PresenceChanged, this, presence);

    private Task<T> AskAsync<T>(Func<string, byte[]> write, Func<ServerFrame, T> read, CancellationToken cancellationToken) =>
        _client.AskAsync(WhenJoinedAsync, write, read, cancellationToken);

    private Task<Connection> WhenJoinedAsync()
    {
        lock (_client.Gate)
            return _over is null ? _joined.Task : Task.FromException<Connection>(_over);
    }
}
