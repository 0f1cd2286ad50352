using ChitChatz.Gateway.Rooms;
using Microsoft.Extensions.Hosting;

namespace ChitChatz.Gateway.Connections;

/// <summary>One timer for the deadlines of all connections; and their orderly end when the process stops.</summary>
internal sealed class ConnectionWatch(ConnectionRegistry connections, LocalRooms rooms, TimeProvider time, ILogger<ConnectionWatch> logger) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    /// <summary>How long the goodbye may take before the rest is cut.</summary>
    private static readonly TimeSpan s_goodbye = TimeSpan.FromSeconds(4);

    /// <summary>How long what was taken may need to be stored, and then to be delivered.</summary>
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(2);

    /// <summary>Within which time clients of version 2 leave, each at a moment of its own: so much for each of them, for other gateways have to let them in.</summary>
    private static readonly TimeSpan s_leavingEach = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_leavingAtMost = TimeSpan.FromSeconds(2);

    private volatile bool _stopping;

    /// <summary>True once no new connection is taken.</summary>
    public bool IsStopping => _stopping;

    /// <summary>
    /// Runs before anything else stops, while the silos can still be called: takes no more connections, gives clients of version 2 time
    /// to leave by themselves, takes no more frames, lets what was taken become durable and reach its rooms, tells every client that is
    /// left to come back, and waits until they are gone.
    /// </summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        await LetLeaveAsync();
        ChatConnection[] all = [.. connections.All];
        Array.ForEach(all, static connection => connection.TakeNoMore());
        await WithinAsync(s_settle, Task.WhenAll(all.Select(static connection => connection.WhenPosted())));
        await WithinAsync(s_settle, Task.WhenAll(rooms.All.Select(static room => room.WhenCaughtUp())));
        Task goodbyes = Task.WhenAll(all.Select(static connection => connection.SayGoodbyeAsync()));
        try
        {
            await goodbyes.WaitAsync(s_goodbye, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            foreach (ChatConnection connection in connections.All)
            {
                connection.Cut();
            }
        }
    }

    /// <summary>Until then they are served as ever. Ends as soon as all of them left.</summary>
    private async Task LetLeaveAsync()
    {
        ChatConnection[] leaving = [.. connections.All.Where(static connection => connection.IsVersion2)];
        TimeSpan within = TimeSpan.FromTicks(Math.Min(leaving.Length * s_leavingEach.Ticks, s_leavingAtMost.Ticks));
        Array.ForEach(leaving, connection => connection.AnnounceDrain(within));
        await WithinAsync(within, Task.WhenAll(leaving.Select(static connection => connection.Ended)));
    }

    private async Task WithinAsync(TimeSpan patience, Task task)
    {
        try
        {
            await task.WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            // Whoever is left is told to come back; what is left has no answer and its sender no echo: it may come again.
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        rooms.Instruments.Observe(() => rooms.Count, connections.QueuedBytes);
        using PeriodicTimer timer = new(s_tick, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (ChatConnection connection in connections.All)
            {
                try
                {
                    connection.Watch();
                }
#pragma warning disable CA1031 // What one connection does must not end the watch over the others, and with it the process.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    ChatConnectionLog.Failed(logger, connection.Number, exception);
                }
            }
        }
    }
}
