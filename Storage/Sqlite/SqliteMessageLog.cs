using ChitChatz.Grains.Abstractions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ChitChatz.Storage.Sqlite;

/// <summary>
/// The log in one SQLite file: write-ahead log, <c>synchronous=FULL</c>, so that a commit that was answered survives a power cut.
/// One connection writes, on a thread of its own; a few read. After an error of the file or the disk its connection is
/// closed, and the next use opens another one: what was repaired works again without a restart.
/// </summary>
public sealed partial class SqliteMessageLog : IMessageLog, ILogRetention
{
    private const int CheckpointBytes = 64 * 1024 * 1024;

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DedicatedThread _thread = new("chitchatz log");
    private readonly SqliteReaders _readers;

    // These belong to the thread.
    private DatabaseLock? _lock;
    private SqliteWriter? _writer;
    private bool _disposed;

    // Set once by the opening; 0 while there was none.
    private long _baseEpoch;
    private int _disposing;

    /// <summary>Names the file; nothing is touched before <see cref="OpenAsync"/>.</summary>
    /// <param name="path">The database's file. It and its folder are made when missing; <c>-wal</c>, <c>-shm</c> and <c>.lock</c> files stand beside it.</param>
    /// <param name="time">Gives the base epoch of a new database.</param>
    /// <param name="loggers">Makes the logger.</param>
    public SqliteMessageLog(string path, TimeProvider time, ILoggerFactory loggers)
    {
        _path = Path.GetFullPath(path);
        _time = time;
        _logger = loggers.CreateLogger<SqliteMessageLog>();
        _readers = new SqliteReaders(OpenReader, _path);
    }

    /// <summary>Sees each connection as it opens; tests put limits on them here.</summary>
    internal Action<SqliteDatabase>? ConnectionOpened { get; set; }

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _thread.RunAsync(Open);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AppendResult>> CommitAsync(IReadOnlyList<AppendBatch> batches, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        AppendChecks.CheckAll(batches);
        if (batches.Count == 0)
            return [];
        ThrowUnlessOpen();
        return await _thread.RunAsync(() => Commit(batches), goOnHere: true);
    }

    /// <inheritdoc/>
    public Task ProbeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowUnlessOpen();
        return _thread.RunAsync(() => Write(static writer => writer.Probe()));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RoomHead>> ReadHeadsAsync(IReadOnlyList<string> rooms, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.Heads(rooms), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ChatMessage>> ReadAfterAsync(
        string room, long epoch, long after, int limit, int maxBytes, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.After(room, epoch, after, limit, maxBytes), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ChatMessage>> ReadBeforeAsync(
        string room, long epoch, long before, int limit, int maxBytes, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.Before(room, epoch, before, limit, maxBytes), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ChatMessage?>> FindAsync(string room, IReadOnlyList<MessageKey> keys, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.Find(room, keys), cancellationToken);

    /// <summary>Refuses further reads, ends the commit under way, writes the write-ahead log into the database, and lets go of the lock: in this order.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposing, 1) != 0)
            return;
        _readers.Dispose();
        await _thread.RunAsync(Close);
        await _thread.DisposeAsync();
    }

    private bool Open()
    {
        if (_baseEpoch != 0 || _disposed)
            throw new InvalidOperationException("The log is opened once.");

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            _lock = DatabaseLock.Take(_path);
            PrivateFile.TryCreate(_path);
            using (var database = OpenDatabase())
            {
                var version = SqliteSchema.Check(database, _path);
                EnterWriteAheadLog(database);
                SqliteSchema.Migrate(database, version, Math.Max(1, _time.GetUtcNow().ToUnixTimeMilliseconds()));
                Volatile.Write(ref _baseEpoch, SqliteSchema.ReadBaseEpoch(database));
                _logger.Opened(_path, version, SqliteSchema.Version, _baseEpoch);
            }

            _writer = OpenWriter();
            return true;
        }
        catch (SqliteException error)
        {
            throw Refused(SqliteErrors.Unavailable(_path, error));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Refused(new LogUnavailableException(
                $"The database {_path} cannot be made ({error.Message}). Make its folder writable, or set Data:Folder.", outcomeUnclear: false, error));
        }
        catch (LogUnavailableException error)
        {
            throw Refused(error);
        }
    }

    // What refused to open may be opened again later, so it holds nothing meanwhile.
    private LogUnavailableException Refused(LogUnavailableException error)
    {
        Volatile.Write(ref _baseEpoch, 0);
        _lock?.Dispose();
        _lock = null;
        return error;
    }

    private AppendResult[] Commit(IReadOnlyList<AppendBatch> batches) => Write(writer => writer.Commit(batches));

    private T Write<T>(Func<SqliteWriter, T> write)
    {
        try
        {
            if (_disposed)
                throw Closed();
            _writer ??= OpenWriter();
            return write(_writer);
        }
        catch (LogUnavailableException error)
        {
            DropWriter(error);
            throw;
        }
        catch (SqliteException error)
        {
            var unavailable = SqliteErrors.Unavailable(_path, error);
            DropWriter(unavailable);
            throw unavailable;
        }
    }

    private void DropWriter(LogUnavailableException error)
    {
        if (_writer is null)
            return;
        _logger.WriterDropped(error, error.OutcomeUnclear);
        _writer.Dispose();
        _writer = null;
    }

    private bool Close()
    {
        _disposed = true;
        try
        {
            _writer?.Checkpoint();
        }
        catch (SqliteException error)
        {
            // Nothing is lost: the write-ahead log is part of the database until somebody checkpoints it.
            _logger.NotCheckpointed(error, _path);
        }

        _writer?.Dispose();
        _lock?.Dispose();
        return true;
    }

    private Task<T> ReadAsync<T>(Func<SqliteReader, T> read, CancellationToken cancellationToken)
    {
        ThrowUnlessOpen();
        return _readers.ReadAsync(read, cancellationToken);
    }

    private SqliteReader OpenReader()
    {
        var database = OpenKnown();
        try
        {
            database.Execute("PRAGMA query_only = 1");
            return new SqliteReader(database, _baseEpoch);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private SqliteWriter OpenWriter()
    {
        var database = OpenKnown();
        try
        {
            EnterWriteAheadLog(database);
            return new SqliteWriter(_path, database, _baseEpoch);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Opens the database that this log was opened on, and refuses another one that took its place meanwhile: its seqs would contradict what was acked.</summary>
    private SqliteDatabase OpenKnown()
    {
        var database = OpenDatabase();
        try
        {
            if (SqliteSchema.Check(database, _path) != SqliteSchema.Version || SqliteSchema.ReadBaseEpoch(database) != _baseEpoch)
                throw new LogUnavailableException($"{_path} is not the database any more with which the server started. Restart the server.", outcomeUnclear: false);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private SqliteDatabase OpenDatabase()
    {
        var database = SqliteDatabase.Open(_path);
        ConnectionOpened?.Invoke(database);
        return database;
    }

    private void EnterWriteAheadLog(SqliteDatabase database)
    {
        // A commit touches a page or two of each message's room and of its ids, for a row of some hundred bytes, so smaller pages write less.
        // Tells only in a file that is still empty.
        database.Execute("PRAGMA page_size = 2048");
        // Some network file systems cannot share the memory that it needs, and SQLite then silently stays in its old mode.
        if (database.ReadText("PRAGMA journal_mode = WAL") != "wal")
            throw new LogUnavailableException($"The disk of {_path} does not support SQLite's write-ahead log. Set Data:Folder to a local disk.", outcomeUnclear: false);
        database.Execute("PRAGMA synchronous = FULL");
        // A commit of many rooms touches hundreds of pages. The cache of 2 MB that is the default would write some of them twice, and a checkpoint after each
        // 4 MB would copy the same hot pages again and again; a log of 64 MB is still recovered in a second. A burst's larger file shrinks again.
        database.Execute("PRAGMA cache_size = -32768");
        database.Execute($"PRAGMA wal_autocheckpoint = {CheckpointBytes / database.ReadInt64("PRAGMA page_size")}");
        database.Execute($"PRAGMA journal_size_limit = {CheckpointBytes / 4 * 5}");
        // Savepoints would otherwise make and delete a file each time.
        database.Execute("PRAGMA temp_store = MEMORY");
    }

    private void ThrowUnlessOpen()
    {
        if (Volatile.Read(ref _baseEpoch) == 0 || Volatile.Read(ref _disposing) != 0)
            throw Closed();
    }

    private LogUnavailableException Closed() => new($"The database {_path} is not open.", outcomeUnclear: false);
}
