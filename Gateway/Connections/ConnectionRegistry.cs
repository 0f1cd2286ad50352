using System.Collections.Concurrent;

namespace ChitChatz.Gateway.Connections;

/// <summary>The connections of this process. Only stores.</summary>
internal sealed class ConnectionRegistry
{
    private readonly ConcurrentDictionary<long, ChatConnection> _connections = new();
    private long _lastNumber;

    /// <summary>How many there are.</summary>
    public int Count => _connections.Count;

    /// <summary>All of them, registered or not, as they come and go.</summary>
    public IEnumerable<ChatConnection> All => _connections.Select(static pair => pair.Value);

    /// <summary>The bytes that wait for clients: of all connections together, and of the one with most.</summary>
    public (long All, long Most) QueuedBytes()
    {
        long all = 0;
        long most = 0;
        foreach ((long _, ChatConnection connection) in _connections)
        {
            int queued = connection.WaitingBytes;
            all += queued;
            most = Math.Max(most, queued);
        }

        return (all, most);
    }

    /// <summary>Whether a connection still is one.</summary>
    public bool Contains(ChatConnection connection) => _connections.ContainsKey(connection.Number);

    /// <summary>A number for a new connection, unique in this process.</summary>
    public long NextNumber() => Interlocked.Increment(ref _lastNumber);

    /// <summary>Stores a connection.</summary>
    public void Add(ChatConnection connection) => _connections[connection.Number] = connection;

    /// <summary>Forgets it.</summary>
    public void Remove(ChatConnection connection) => _connections.TryRemove(connection.Number, out _);
}
