using System.Diagnostics.Metrics;
using System.Threading.Channels;
using ChitChatz.Client;
using ChitChatz.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Deadline = ChitChatz.Tests.Support.Deadline;

namespace ChitChatz.Tests.Client;

/// <summary>A client that is a service of an application, with the application's logs, meters and clock; and its scripted server.</summary>
internal sealed class ServiceBench : IAsyncDisposable
{
    private readonly Channel<ChatStateChange> _states = Channel.CreateUnbounded<ChatStateChange>();
    private readonly ServiceProvider _services;

    public ServiceBench(Action<ChatClientOptions>? configure = null)
    {
        ServiceCollection services = new();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
        services.AddMetrics();
        services.AddSingleton<TimeProvider>(Time);
        services.AddChitChatzClient(options =>
        {
            options.Name = "ann";
            options.Servers.Add(new Uri("ws://one.test"));
            options.Servers.Add(new Uri("ws://two.test"));
            options.OpenSocket = Server.OpenAsync;
            // The first server is the first, and jitter is what it is.
            options.Random = new Fixed();
            configure?.Invoke(options);
        });
        _services = services.BuildServiceProvider();
        Client = _services.GetRequiredService<ChatClient>();
        Client.StateChanged += (_, change) => _states.Writer.TryWrite(change);
    }

    public ClientBench.Clock Time { get; } = new();

    public ScriptedServer Server { get; } = new();

    public LogRecorder Log { get; } = new();

    public ChatClient Client { get; }

    /// <summary>Where the application's meters come from.</summary>
    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    /// <summary>Connects and joins a room.</summary>
    public async Task<(ScriptedConnection Connection, ChatRoom Room)> JoinAsync()
    {
        var joining = Client.JoinAsync("lobby", cancellationToken: TestContext.Current.CancellationToken);
        var connection = await Server.AcceptAsync();
        await connection.WelcomeAsync();
        await connection.LetInAsync();
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

    /// <summary>Waits until the client has dealt with what was sent to it before.</summary>
    public async Task SettleAsync(ScriptedConnection connection)
    {
        var asking = Client.GetRoomsAsync(TestContext.Current.CancellationToken);
        var request = await connection.ExpectAsync("get_rooms");
        await connection.SendAsync(output => FrameWriter.Rooms(output, ["lobby"], jwt: null, (string)request["id"]!));
        await Deadline.Within(asking, "the rooms");
    }

    /// <summary>Ends the application.</summary>
    public Task StopAsync() => _services.DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        // A goodbye would wait for an answer that no script gives, by a clock that stands still.
        Server.CutAll();
        await StopAsync();
    }

    private sealed class Fixed : Random
    {
        public override int Next(int maxValue) => 0;

        public override double NextDouble() => 0.5;
    }
}
