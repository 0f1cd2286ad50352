using System.Threading.Channels;
using ChitChatz.Client;
using Microsoft.Extensions.Time.Testing;
using Deadline = ChitChatz.Tests.Support.Deadline;

namespace ChitChatz.Tests.Client;

/// <summary>A client, its scripted server, and a clock that the test moves.</summary>
internal class ClientBench : IAsyncDisposable
{
    private readonly Channel<ChatStateChange> _states = Channel.CreateUnbounded<ChatStateChange>();
    private IAsyncEnumerator<ChatMessage>? _reader;

    public ClientBench(Action<ChatClientOptions>? configure = null)
        : this(configure, New)
    {
    }

    /// <summary>With a client that comes from elsewhere, by the options that it is handed and the clock.</summary>
    protected ClientBench(Action<ChatClientOptions>? configure, Func<Action<ChatClientOptions>, Clock, ChatClient> make)
    {
        Client = make(Fill, Time);
        Client.StateChanged += (_, change) => _states.Writer.TryWrite(change);

        void Fill(ChatClientOptions options)
        {
            options.Name = "ann";
            options.Servers.Add(new Uri("ws://one.test"));
            options.Servers.Add(new Uri("ws://two.test"));
            options.OpenSocket = Server.OpenAsync;
            // The first server is the first, and jitter is what it is.
            options.Random = new Fixed();
            configure?.Invoke(options);
        }
    }

    public Clock Time { get; } = new();

    public ScriptedServer Server { get; } = new();

    public ChatClient Client { get; }

    /// <summary>Connects and joins a room.</summary>
    public async Task<(ScriptedConnection Connection, ChatRoom Room)> JoinAsync(long head = 0, ChatPosition? after = null)
    {
        var joining = Client.JoinAsync("lobby", after, TestContext.Current.CancellationToken);
        var connection = await Server.AcceptAsync();
        await connection.WelcomeAsync();
        await connection.LetInAsync(head);
        return (connection, await Deadline.Within(joining, "the room"));
    }

    /// <summary>The next change of state that is of this kind; those before are read over.</summary>
    public async Task<ChatStateChange> StateAsync(ChatState state)
    {
        while (true)
        {
            var change = await Deadline.Within(_states.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), $"the state {state}");
            if (change.State == state)
                return change;
        }
    }

    /// <summary>Waits until somebody begins to wait for so long.</summary>
    public async Task TimerAsync(TimeSpan due)
    {
        while (await Deadline.Within(Time.Timers.ReadAsync(TestContext.Current.CancellationToken).AsTask(), $"a wait of {due}") != due)
        {
            // Another's.
        }
    }

    /// <summary>Lets the pause before the next attempt pass.</summary>
    public async Task<ScriptedConnection> ReconnectAsync()
    {
        var lost = await StateAsync(ChatState.Reconnecting);
        Time.Advance(lost.RetryIn!.Value);
        return await Server.AcceptAsync();
    }

    /// <summary>The reader's next message.</summary>
    public async Task<ChatMessage> NextAsync(ChatRoom room)
    {
        _reader ??= room.ReadMessagesAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        Assert.True(await Deadline.Within(_reader.MoveNextAsync().AsTask(), "a message"), "The room has ended.");
        return _reader.Current;
    }

    /// <summary>The reader's next messages, which must be these.</summary>
    public async Task ExpectAsync(ChatRoom room, params IEnumerable<long> seqs)
    {
        foreach (var seq in seqs)
            Assert.Equal(seq, (await NextAsync(room)).Position.Seq);
    }

    /// <summary>Whether the reader's messages have ended.</summary>
    public async Task<bool> EndsAsync(ChatRoom room)
    {
        _reader ??= room.ReadMessagesAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        return !await Deadline.Within(_reader.MoveNextAsync().AsTask(), "the end of the messages");
    }

    public virtual ValueTask DisposeAsync()
    {
        // A goodbye would wait for an answer that no script gives, by a clock that stands still.
        Server.CutAll();
        return Client.DisposeAsync();
    }

    private static ChatClient New(Action<ChatClientOptions> fill, Clock time)
    {
        ChatClientOptions options = new() { TimeProvider = time };
        fill(options);
        return new ChatClient(options);
    }

    /// <summary>Tells of each timer when it is made.</summary>
    internal sealed class Clock : FakeTimeProvider
    {
        private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

        public ChannelReader<TimeSpan> Timers => _timers.Reader;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _timers.Writer.TryWrite(dueTime);
            return timer;
        }
    }

    private sealed class Fixed : Random
    {
        public override int Next(int maxValue) => 0;

        public override double NextDouble() => 0.5;
    }
}
