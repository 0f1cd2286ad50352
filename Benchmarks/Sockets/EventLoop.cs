using System.Diagnostics;

namespace ChitChatz.Benchmarks.Sockets;

/// <summary>The one thread of the load: waits for sockets and lets each ready connection read. Nothing here is locked.</summary>
internal sealed class EventLoop : IDisposable
{
    private readonly Epoll _epoll = new();
    private readonly List<Connection?> _byDescriptor = [];

    // One for all connections, so that it stays in the cache; what is left of a read is kept by its connection.
    private readonly byte[] _buffer = new byte[512 * 1024];

    public void Add(Connection connection)
    {
        while (_byDescriptor.Count <= connection.Descriptor)
            _byDescriptor.Add(null);

        _byDescriptor[connection.Descriptor] = connection;
        _epoll.Add(connection.Descriptor);
    }

    /// <summary>Says whether a connection has bytes that wait for room in its socket.</summary>
    public void WatchWritable(Connection connection, bool on) =>
        _epoll.Watch(connection.Descriptor, on ? Epoll.Readable | Epoll.Writable : Epoll.Readable);

    /// <summary>To be called before the socket is closed; a closed one leaves the queue by itself.</summary>
    public void Remove(Connection connection) => _byDescriptor[connection.Descriptor] = null;

    /// <summary>One wait, until then at most (a Stopwatch timestamp), and the reads that it brings.</summary>
    public void RunOnce(long until)
    {
        var wait = until - Stopwatch.GetTimestamp();
        var ready = _epoll.Wait(wait <= 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(0, wait));
        for (var i = 0; i < ready; i++)
        {
            var (descriptor, events) = _epoll.Ready(i);
            if ((events & Epoll.Writable) != 0)
                _byDescriptor[descriptor]?.Flush();

            if ((events & ~Epoll.Writable) != 0)
                _byDescriptor[descriptor]?.Read(_buffer);
        }
    }

    public void Dispose() => _epoll.Dispose();
}
