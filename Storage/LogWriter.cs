using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace ChitChatz.Storage;

/// <summary>
/// The silo's group commit. One loop takes whatever waits, commits it at once, and hands out the results; what arrives meanwhile goes with the next commit. An
/// append that finds the loop idle starts it immediately: nobody waits for company. Owns the log and closes it last.
/// </summary>
public sealed partial class LogWriter : ILogWriter, IAsyncDisposable
{
    private readonly IMessageLog _log;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly StorageInstruments _instruments;
    private readonly LogWriterLimits _limits;
    private readonly LogHealthTracker _writing;
    private readonly LogHealthTracker _reading;
    private readonly HeadReader _heads;

    // Holds at most what is in _underWay, and that is bounded.
    private readonly Channel<PendingAppend> _queue = Channel.CreateUnbounded<PendingAppend>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private readonly HashSet<string> _underWay = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _abandon = new();
    private long _bytes;
    private bool _taking;
    private bool _abandoned;
    private Task _loop = Task.CompletedTask;
    private Task? _stopped;

    /// <summary>Makes a writer that takes nothing before <see cref="StartAsync"/>.</summary>
    public LogWriter(
        IMessageLog log, TimeProvider time, ILogger<LogWriter> logger, StorageInstruments instruments, LogWriterLimits? limits = null)
    {
        _log = log;
        _time = time;
        _logger = logger;
        _instruments = instruments;
        _limits = limits ?? new LogWriterLimits();
        _writing = new LogHealthTracker("write", time, logger);
        _reading = new LogHealthTracker("read", time, logger);
        _heads = new HeadReader(log, _reading, _limits.Heads);
    }

    /// <inheritdoc/>
    public LogHealth Health => _writing.Current is { Healthy: false } failing ? failing : _reading.Current;

    /// <summary>Opens the log and begins to take appends. Throws <see cref="LogUnavailableException"/> when it cannot be opened; may then be tried again.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _log.OpenAsync(cancellationToken);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped is not null, this);
            _taking = true;
        }

        _loop = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <inheritdoc/>
    public Task<AppendResult> AppendAsync(AppendBatch batch)
    {
        AppendChecks.Check(batch);
        var append = new PendingAppend(batch, _time.GetTimestamp());
        lock (_gate)
        {
            // A second append of a room is that of a new activation, while the outcome of its predecessor's is still being read back.
            if (!_taking || _underWay.Contains(batch.Room) || _underWay.Count >= _limits.Batches || (_bytes > 0 && _bytes + append.Bytes > _limits.Bytes))
            {
                _instruments.Refused();
                return Task.FromResult(AppendResult.Failed);
            }

            _underWay.Add(batch.Room);
            _bytes += append.Bytes;
            _queue.Writer.TryWrite(append);
        }

        return append.Outcome;
    }

    /// <inheritdoc/>
    public Task<RoomHead> ReadHeadAsync(string room) => _heads.ReadAsync(room);

    /// <summary>Finds out by a write and a read whether the log works now, and takes that for its health. Never throws for the store's troubles.</summary>
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _log.ProbeAsync(cancellationToken);
            _writing.Succeeded();
        }
        catch (LogUnavailableException error)
        {
            _writing.Failed(error);
            return;
        }

        try
        {
            await _log.ReadHeadsAsync(["probe"], cancellationToken);
            _reading.Succeeded();
        }
        catch (LogUnavailableException error)
        {
            _reading.Failed(error);
        }
    }

    /// <summary>
    /// Takes nothing more, commits what waits, then closes the log. When the token is cancelled first, what was never tried ends as
    /// <see cref="AppendStatus.Failed"/>, and what is unclear with a <see cref="LogUnavailableException"/> that says so.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return _stopped ??= StopOnceAsync(cancellationToken);
    }

    /// <summary>Stops, if that was not done, and waits up to 5 s for what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), _time);
        await StopAsync(patience.Token);
    }

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        // Called under the lock.
        _taking = false;
        if (_underWay.Count == 0)
            _drained.TrySetResult();
        await Task.Yield();
        try
        {
            await _drained.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                _abandoned = true;
                _logger.Abandoned(_underWay.Count);
            }
        }

        await _abandon.CancelAsync();
        await _loop;
        await _drained.Task;
        await _log.DisposeAsync();
    }
}
