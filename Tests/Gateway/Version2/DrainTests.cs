using System.Text.Json.Nodes;
using ChitChatz.Gateway.Connections;
using ChitChatz.Gateway.Rooms;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChitChatz.Tests.Gateway.Version2;

/// <summary>A gateway that stops gives clients of version 2 time to leave, each at a moment of its own, and serves them until then.</summary>
public sealed class DrainTests : IAsyncLifetime
{
    private readonly WatchedTime _time = new();
    private StandaloneApp _server = null!;
    private ConnectionWatch _watch = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await StandaloneApp.StartAsync();
        _watch = new(_server.Services.GetRequiredService<ConnectionRegistry>(), _server.Services.GetRequiredService<LocalRooms>(), _time, NullLogger<ConnectionWatch>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        _watch.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Stop_WhileClientsMayLeave_ServesThemAndSendsNobodyAway()
    {
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(_server.WebSocket, "ann");
        await using ChatClient2 bob = await ChatClient2.RegisterAsync(_server.WebSocket, "bob");
        await using ChatClient old = await ChatClient.RegisterAsync(_server.WebSocket, "old");
        await ann.JoinAsync("room");
        await old.JoinAsync("room");

        Task stopping = _watch.StoppingAsync(TestContext.Current.CancellationToken);

        Assert.Equal(4, (int?)(await DrainOfAsync(ann))["after_ms"]);
        Assert.Equal(4, (int?)(await DrainOfAsync(bob))["after_ms"]);
        Assert.Equal("ack", (string?)(await ann.PostAsync("still here"))["event"]);
        Assert.Equal(("ann", "still here"), await old.ExpectMessageAsync());
        await bob.Connection.CloseAsync();
        Assert.False(stopping.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(4));
        Assert.Equal(1012, (await Deadline.Within(ann.Connection.Closed, "the close of one that stayed")).Status);
        Assert.Equal(1012, (await Deadline.Within(old.Closed, "the close of one of version 1")).Status);
        await Deadline.Within(stopping, "the end of the stop");
    }

    [Fact]
    public async Task Stop_WhenAllHaveLeft_WaitsNoLonger()
    {
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(_server.WebSocket, "ann");
        Task stopping = _watch.StoppingAsync(TestContext.Current.CancellationToken);
        await DrainOfAsync(ann);

        await ann.Connection.CloseAsync();

        await Deadline.Within(stopping, "the end of the stop, without time passing");
        Assert.Equal(1000, (await ann.Connection.Closed).Status);
    }

    private static async Task<JsonObject> DrainOfAsync(ChatClient2 client)
    {
        while (true)
        {
            JsonObject frame = await client.NextAsync("the drain");
            if ((string?)frame["event"] == "drain")
            {
                return frame["data"]!.AsObject();
            }
        }
    }
}
