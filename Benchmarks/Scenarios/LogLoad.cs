using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Storage;
using ChitChatz.Storage.Memory;
using ChitChatz.Storage.Postgres;
using ChitChatz.Storage.Sqlite;
using HdrHistogram;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChitChatz.Benchmarks.Scenarios;

/// <summary>
/// The log alone, through the silo's own writer: each room has one append under way, of as many messages as its members have on their
/// way, and makes the next when that one is durable, as a RoomGrain does.
/// </summary>
internal sealed class LogLoad : IDisposable
{
    public const string Usage = """
        ChitChatz.Benchmarks log [options]
          --provider sqlite|postgres|memory   --connection <Npgsql connection string of an empty database>   --file <path of a new file>
          --rooms 100   --window 10 messages of each room on their way   --text 64 bytes   --seconds 10   --warmup 2   --runs 1
        """;

    private readonly Dictionary<string, string> _options = new()
    {
        ["--provider"] = "sqlite",
        ["--connection"] = "",
        ["--file"] = "",
        ["--rooms"] = "100",
        ["--window"] = "10",
        ["--text"] = "64",
        ["--seconds"] = "10",
        ["--warmup"] = "2",
        ["--runs"] = "1",
    };

    private readonly LongHistogram _appends = new(60_000_000, 3);
    private readonly LongHistogram _commitRooms = new(100_000, 3);
    private readonly LongHistogram _commitMessages = new(1_000_000, 3);
    private readonly Meters _meters = new();
    private long _messages;
    private bool _measures;

    private int Number(string option) => int.Parse(_options[option], CultureInfo.InvariantCulture);

    public static async Task<int> RunAsync(string[] args)
    {
        using LogLoad load = new();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            if (!load._options.ContainsKey(args[i]))
            {
                Console.Error.WriteLine($"{args[i]}: not understood\n{Usage}");
                return 2;
            }

            load._options[args[i]] = args[i + 1];
        }

        await load.RunAllAsync();
        return 0;
    }

    public void Dispose() => _meters.Dispose();

    private async Task RunAllAsync()
    {
        var log = new RecordingLog(Open(), this);
        await using var writer = new LogWriter(log, TimeProvider.System, NullLogger<LogWriter>.Instance, new StorageInstruments(_meters));
        await writer.StartAsync(CancellationToken.None);
        Console.Out.WriteLine($"{_options["--provider"]}, {_options["--rooms"]} rooms, {_options["--window"]} messages of {_options["--text"]} bytes on their way in each");
        Console.Out.WriteLine("| run | messages/s | commits/s | messages/commit p50 | rooms/commit p50 | append p50 ms | append p99 ms |");
        Console.Out.WriteLine("|---|---|---|---|---|---|---|");
        List<double> rates = [];
        using CancellationTokenSource stop = new();
        Task[] rooms = [.. Enumerable.Range(0, Number("--rooms")).Select(room => Task.Run(() => FillAsync(writer, $"room {room}", stop.Token)))];
        await Task.Delay(TimeSpan.FromSeconds(Number("--warmup")));
        for (var run = 1; run <= Number("--runs"); run++)
        {
            Reset(measures: true);
            var began = Stopwatch.GetTimestamp();
            await Task.Delay(TimeSpan.FromSeconds(Number("--seconds")));
            _measures = false;
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            rates.Add(Volatile.Read(ref _messages) / seconds);
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {run} | {rates[^1]:N0} | {_commitRooms.TotalCount / seconds:N0} | {_commitMessages.GetValueAtPercentile(50)} | {_commitRooms.GetValueAtPercentile(50)} | {_appends.GetValueAtPercentile(50) / 1000.0:F2} | {_appends.GetValueAtPercentile(99) / 1000.0:F2} |"));
        }

        await stop.CancelAsync();
        await Task.WhenAll(rooms);
        rates.Sort();
        Console.Out.WriteLine($"median {rates[rates.Count / 2]:N0} messages/s, commit before answer");
    }

    private IMessageLog Open() => _options["--provider"] switch
    {
        "memory" => new MemoryMessageLog(TimeProvider.System),
        "postgres" => new PostgresMessageLog(_options["--connection"], TimeProvider.System, NullLoggerFactory.Instance),
        _ => new SqliteMessageLog(
            _options["--file"] is { Length: > 0 } file ? file : Path.Combine(Path.GetTempPath(), $"chitchatz-load-{Guid.NewGuid():N}", "log.db"),
            TimeProvider.System,
            NullLoggerFactory.Instance),
    };

    private async Task FillAsync(LogWriter writer, string room, CancellationToken stop)
    {
        RoomHead at = await writer.ReadHeadAsync(room);
        var text = Encoding.ASCII.GetBytes(new string('x', Number("--text")));
        var window = Number("--window");
        for (var head = at.Head; !stop.IsCancellationRequested;)
        {
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            ChatMessage[] messages =
            [
                .. Enumerable.Range(1, window).Select(n => new ChatMessage(head + n, $"{n:x32}", $"Member {n}", $"{room}.{head + n}", text, now)),
            ];
            var began = Stopwatch.GetTimestamp();
            AppendResult result = await writer.AppendAsync(new AppendBatch(room, room, at.Epoch, messages));
            if (result.Status != AppendStatus.Committed)
                throw new InvalidOperationException($"An append ended as {result.Status}.");
            head += window;
            lock (_appends)
            {
                if (_measures)
                {
                    _messages += window;
                    _appends.RecordValue((long)Stopwatch.GetElapsedTime(began).TotalMicroseconds);
                }
            }
        }
    }

    private void Reset(bool measures)
    {
        lock (_appends)
        {
            _appends.Reset();
            _commitRooms.Reset();
            _commitMessages.Reset();
            _messages = 0;
            _measures = measures;
        }
    }

    private void OnCommit(IReadOnlyList<AppendBatch> batches)
    {
        lock (_appends)
        {
            if (_measures)
            {
                _commitRooms.RecordValue(batches.Count);
                _commitMessages.RecordValue(batches.Sum(static batch => batch.Messages.Count));
            }
        }
    }

    /// <summary>Sees each commit on its way to the log.</summary>
    private sealed class RecordingLog(IMessageLog log, LogLoad load) : IMessageLog
    {
        public Task OpenAsync(CancellationToken cancellationToken) => log.OpenAsync(cancellationToken);

        public Task<IReadOnlyList<AppendResult>> CommitAsync(IReadOnlyList<AppendBatch> batches, CancellationToken cancellationToken)
        {
            load.OnCommit(batches);
            return log.CommitAsync(batches, cancellationToken);
        }

        public Task<IReadOnlyList<RoomHead>> ReadHeadsAsync(IReadOnlyList<string> rooms, CancellationToken cancellationToken) => log.ReadHeadsAsync(rooms, cancellationToken);

        public Task<IReadOnlyList<ChatMessage>> ReadAfterAsync(string room, long epoch, long after, int limit, int maxBytes, CancellationToken cancellationToken)
            => log.ReadAfterAsync(room, epoch, after, limit, maxBytes, cancellationToken);

        public Task<IReadOnlyList<ChatMessage>> ReadBeforeAsync(string room, long epoch, long before, int limit, int maxBytes, CancellationToken cancellationToken)
            => log.ReadBeforeAsync(room, epoch, before, limit, maxBytes, cancellationToken);

        public Task<IReadOnlyList<ChatMessage?>> FindAsync(string room, IReadOnlyList<MessageKey> keys, CancellationToken cancellationToken) => log.FindAsync(room, keys, cancellationToken);

        public Task ProbeAsync(CancellationToken cancellationToken) => log.ProbeAsync(cancellationToken);

        public ValueTask DisposeAsync() => log.DisposeAsync();
    }

    private sealed class Meters : IMeterFactory
    {
        private readonly List<Meter> _made = [];

        public Meter Create(MeterOptions options)
        {
            _made.Add(new Meter(options));
            return _made[^1];
        }

        public void Dispose() => _made.ForEach(static meter => meter.Dispose());
    }
}
