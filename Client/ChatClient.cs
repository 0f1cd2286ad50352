using System.Diagnostics.Metrics;
using System.Net.WebSockets;
using ChitChatz.Client.Connections;
using ChitChatz.Client.Telemetry;
using ChitChatz.Client.Wire;
using ChitChatz.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChitChatz.Client;

/// <summary>
/// Somebody who chats: one person, one connection, one room at a time. Comes back by itself whenever the connection ends. All members may be
/// called from any thread.
/// </summary>
public sealed partial class ChatClient : IAsyncDisposable
{
    private readonly Identity _identity;
    private readonly ServerList _servers;
    private readonly Backoff _backoff;
    private readonly Pause _refresh;
    private readonly CancellationTokenSource _stop = new();
    private ChatState _state;
    private ChatRoom? _room;
    private Connection? _connection;
    private TaskCompletionSource<Connection> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes a client of one server.</summary>
    /// <param name="server">The gateway's address, such as <c>ws://localhost:3000</c>.</param>
    /// <param name="name">The name to register.</param>
    /// <exception cref="ArgumentException">One of them is wrong.</exception>
    public ChatClient(string server, string name)
        : this(new ChatClientOptions { Name = name, Servers = { Address(server) } })
    {
    }

    /// <summary>Makes a client. It does nothing before <see cref="ConnectAsync"/> or <see cref="JoinAsync"/>.</summary>
    /// <param name="options">What it needs to know.</param>
    /// <param name="loggers">Where it logs; null for nowhere.</param>
    /// <param name="meters">Where its meter <c>ChitChatz.Client</c> comes from; null for one of its own.</param>
    /// <exception cref="ArgumentException">Options are wrong; all of them are listed.</exception>
    public ChatClient(ChatClientOptions options, ILoggerFactory? loggers = null, IMeterFactory? meters = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        Log = new ChatClientLog((loggers ?? NullLoggerFactory.Instance).CreateLogger<ChatClient>());
        Instruments = new ChatClientInstruments(meters);
        _identity = new Identity(options.TimeProvider);
        if (options.Token is not null)
            _identity.Begin(options.Token);
        _servers = new ServerList(options.Servers, options.Random);
        _backoff = new Backoff(options.ReconnectDelay, options.MaxReconnectDelay, options.Random);
        _refresh = new Pause(options.TimeProvider, Refresh);
    }

    /// <summary>The state has changed, or an attempt to reconnect failed. In order; the next attempt waits for the handlers.</summary>
    public event EventHandler<ChatStateChange>? StateChanged;

    /// <summary>The list of rooms has changed; on the client's receive loop: return quickly.</summary>
    public event EventHandler<IReadOnlyList<string>>? RoomsChanged;

    /// <summary>A new token has come, for those who keep it: with it a later process is the same person. On the client's receive loop: return quickly.</summary>
    public event EventHandler<string>? TokenChanged;

    /// <summary>The name that it registers.</summary>
    public string Name => Options.Name;

    /// <summary>Who the client is to the server, whatever its name (the claim <c>sub</c>); null before the first connection.</summary>
    public string? User
    {
        get
        {
            lock (Gate)
                return _identity.User;
        }
    }

    /// <summary>The newest token: a secret. Null before the first connection, unless one was given.</summary>
    public string? Token
    {
        get
        {
            lock (Gate)
                return _identity.Token;
        }
    }

    /// <summary>Where it stands.</summary>
    public ChatState State
    {
        get
        {
            lock (Gate)
                return _state;
        }
    }

    /// <summary>The room that it is in; null for none.</summary>
    public ChatRoom? Room
    {
        get
        {
            lock (Gate)
                return _room;
        }
    }

    /// <summary>One lock for all state of the client and its room, never held while anything is awaited or a handler called.</summary>
    internal Lock Gate { get; } = new();

    internal ChatClientOptions Options { get; }

    internal ChatClientLog Log { get; }

    internal ChatClientInstruments Instruments { get; }

    /// <summary>Asks for the list of rooms, in order of creation: at most 1,000, the largest ones and the client's own.</summary>
    /// <exception cref="ChatException">It was refused, or the client is closed.</exception>
    public async Task<IReadOnlyList<string>> GetRoomsAsync(CancellationToken cancellationToken = default)
    {
        await ConnectAsync(cancellationToken);
        return await AskAsync(WhenConnectedAsync, static id => Requests.Plain(EventNames.GetRooms, id), static frame => frame.ReadRooms(), cancellationToken);
    }

    /// <summary>Says goodbye: the room is left, the name is free, and what has no outcome yet fails. The client cannot be used again.</summary>
    public async Task CloseAsync()
    {
        Connection? connection;
        Task running;
        lock (Gate)
        {
            _isClosing = true;
            (connection, running) = (_connection, _running);
        }

        EndRoom(ClosedByUser(), failsReader: false);
        if (connection is not null)
            await connection.CloseAsync(WebSocketCloseStatus.NormalClosure);
        await _stop.CancelAsync();
        await running;
        CloseForGood(ClosedByUser(), reason: null);
    }

    /// <summary>As <see cref="CloseAsync"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _refresh.Dispose();
    }

    // One that begins with the time: the server's log finds the newest ids of a room side by side.
    internal static string NewMessageId() => Guid.CreateVersion7().ToString("N");

    /// <summary>Calls handlers; one that throws is logged, and keeps neither the others nor the client from going on.</summary>
    internal void Raise<T>(EventHandler<T>? handlers, object sender, T value)
    {
        foreach (var handler in handlers?.GetInvocationList() ?? [])
        {
            try
            {
                ((EventHandler<T>)handler)(sender, value);
            }
#pragma warning disable CA1031 // It is the application's, and may be anything.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.HandlerFailed(exception);
            }
        }
    }

    private static Uri Address(string server) =>
        Uri.TryCreate(server, UriKind.Absolute, out var address) ? address : throw new ArgumentException($"'{server}' is not an address such as ws://localhost:3000.", nameof(server));
}
