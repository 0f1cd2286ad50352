using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Restarts;

/// <summary>A member who writes one text after the other, a few of them under way at a time, until the connection ends; and what it saw.</summary>
internal sealed class SteadySender : IAsyncDisposable
{
    private const int UnderWay = 20;

    private readonly ChatClient _client;
    private readonly string _name;
    private readonly SemaphoreSlim _window = new(UnderWay);
    private readonly List<string> _seen = [];
    private readonly List<string> _echoed = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _awaited = [];
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;

    private SteadySender(ChatClient client, string name)
    {
        _client = client;
        _name = name;
    }

    /// <summary>The server's close status, once the connection has ended.</summary>
    public Task<(int? Status, string? Reason)> Closed => _client.Closed;

    /// <summary>Registers, joins and starts to write.</summary>
    public static async Task<SteadySender> StartAsync(Uri server, string name, string room)
    {
        SteadySender sender = new(await ChatClient.RegisterAsync(server, name), name);
        await sender._client.JoinAsync(room);
        sender._running = Task.WhenAll(sender.WriteAsync(), sender.ReadAsync());
        return sender;
    }

    /// <summary>Ends when so many of its texts came back.</summary>
    public Task EchoedAsync(int count)
    {
        lock (_gate)
        {
            if (_echoed.Count >= count)
            {
                return Task.CompletedTask;
            }

            TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((count, reached));
            return Deadline.Within(reached.Task, $"{count} echoes");
        }
    }

    /// <summary>How many of its texts came back so far.</summary>
    public int Echoes
    {
        get
        {
            lock (_gate)
            {
                return _echoed.Count;
            }
        }
    }

    /// <summary>Ends with the connection: its own texts that came back, and all texts that it saw, each in their order.</summary>
    public async Task<(IReadOnlyList<string> Echoed, IReadOnlyList<string> Seen)> EndAsync()
    {
        await Deadline.Within(_running, "the end of the connection");
        return (_echoed, _seen);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _running;
        _window.Dispose();
    }

    private async Task WriteAsync()
    {
        try
        {
            for (int i = 1; !_client.Closed.IsCompleted; i++)
            {
                await _window.WaitAsync(TestContext.Current.CancellationToken);
                await _client.PostAsync(string.Create(CultureInfo.InvariantCulture, $"{_name} {i}"));
            }
        }
        catch (Exception exception) when (exception is WebSocketException or InvalidOperationException or OperationCanceledException)
        {
            // The connection has ended, as it should.
        }
    }

    private async Task ReadAsync()
    {
        await foreach (JsonObject frame in _client.ReadToEndAsync())
        {
            if ((string?)frame["event"] == "error")
            {
                // One text that was not taken; its place in the window is free.
                _window.Release();
                continue;
            }

            lock (_gate)
            {
                string text = (string)frame["data"]!["content"]!;
                _seen.Add(text);
                if ((string?)frame["data"]!["from"] == _name)
                {
                    _echoed.Add(text);
                    _window.Release();
                    _awaited.RemoveAll(awaited => _echoed.Count >= awaited.Count && awaited.Reached.TrySetResult());
                }
            }
        }

        // The writer may wait for echoes that will never come.
        _window.Release();
    }
}
