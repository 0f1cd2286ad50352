using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Threading.Channels;
using Deadline = ChitChatz.Tests.Support.Deadline;

namespace ChitChatz.Tests.Client;

/// <summary>A server that does what a test says, step by step, over lines inside this process.</summary>
internal sealed class ScriptedServer
{
    private readonly Channel<ScriptedConnection> _incoming = Channel.CreateUnbounded<ScriptedConnection>();
    private readonly ConcurrentQueue<Exception> _refusals = new();
    private readonly ConcurrentBag<ScriptedConnection> _all = [];

    /// <summary>The next attempt to connect fails so.</summary>
    public void Refuse(Exception exception) => _refusals.Enqueue(exception);

    /// <summary>Breaks all lines.</summary>
    public void CutAll()
    {
        foreach (var connection in _all)
            connection.Cut();
    }

    /// <summary>For <c>ChatClientOptions.OpenSocket</c>.</summary>
    public Task<WebSocket> OpenAsync(Uri address, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_refusals.TryDequeue(out var refusal))
            return Task.FromException<WebSocket>(refusal);
        var (client, server) = DuplexStream.Pair();
        ScriptedConnection connection = new(address, WebSocket.CreateFromStream(server, new WebSocketCreationOptions { IsServer = true }), server);
        _all.Add(connection);
        _incoming.Writer.TryWrite(connection);
        return Task.FromResult(WebSocket.CreateFromStream(client, new WebSocketCreationOptions { IsServer = false }));
    }

    /// <summary>The next connection of a client.</summary>
    public Task<ScriptedConnection> AcceptAsync() =>
        Deadline.Within(_incoming.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), "a connection of the client");

    /// <summary>Whether a client has connected and was not accepted.</summary>
    public bool HasMore => _incoming.Reader.TryPeek(out _);
}
