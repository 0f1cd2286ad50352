using Microsoft.Data.Sqlite;

namespace ChitChatz.Storage.Sqlite;

/// <summary>
/// The read connections: a few, opened when needed, used by one read at a time each. More readers would only share the same
/// cores; reads beyond <see cref="MostWaiting"/> are refused.
/// </summary>
internal sealed class SqliteReaders(Func<SqliteReader> open, string path) : IDisposable
{
    public const int MostWaiting = 4_096;
    private const int MostConnections = 4;

    private readonly SemaphoreSlim _free = new(MostConnections);
    private readonly Lock _gate = new();
    private readonly Stack<SqliteReader> _idle = new();
    private int _waiting;
    private bool _closed;

    /// <summary>Runs a read on a thread of the pool.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteReader, T> read, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new LogUnavailableException($"Too many reads wait for the database {path}.", outcomeUnclear: false);
        }

        try
        {
            await _free.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            // A caller may be a grain; its turn is no place for the disk.
            return await Task.Run(() => Read(read), CancellationToken.None);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Closes what is idle; what reads at the moment closes when it is done.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            CloseIdle();
        }
    }

    private T Read<T>(Func<SqliteReader, T> read)
    {
        SqliteReader? reader = null;
        try
        {
            reader = Take();
            var result = read(reader);
            Give(reader);
            reader = null;
            return result;
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.Unavailable(path, error);
        }
        finally
        {
            // Not given back: it failed. A fresh connection is the cure for every trouble.
            reader?.Dispose();
        }
    }

    private SqliteReader Take()
    {
        lock (_gate)
        {
            if (_closed)
                throw new LogUnavailableException($"The database {path} is closed.", outcomeUnclear: false);
            if (_idle.TryPop(out var reader))
                return reader;
        }

        return open();
    }

    private void Give(SqliteReader reader)
    {
        lock (_gate)
        {
            _idle.Push(reader);
            if (_closed)
                CloseIdle();
        }
    }

    private void CloseIdle()
    {
        while (_idle.TryPop(out var reader))
            reader.Dispose();
    }
}
