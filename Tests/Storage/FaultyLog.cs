using System.Threading.Channels;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Storage;
using ChitChatz.Storage.Memory;
using Xunit;

namespace ChitChatz.Tests.Storage;

/// <summary>
/// A log whose commits wait until the test says what becomes of them, and whose reads can fail. It keeps what is stored in an in-memory log.
/// </summary>
internal sealed class FaultyLog(TimeProvider time) : IMessageLog
{
    private readonly Channel<Commit> _commits = Channel.CreateUnbounded<Commit>();
    private readonly Channel<string> _reads = Channel.CreateUnbounded<string>();
    private int _failingReads;

    public MemoryMessageLog Stored { get; } = new(time);

    public bool Closed { get; private set; }

    /// <summary>How often heads were read, and of how many rooms each time.</summary>
    public List<int> HeadReads { get; } = [];

    /// <summary>Released once for each read of heads.</summary>
    public SemaphoreSlim HeadReadStarted { get; } = new(0);

    /// <summary>When set, reads of heads wait for it.</summary>
    public TaskCompletionSource? HeadsHeld { get; set; }

    /// <summary>The next commit that the writer asked for.</summary>
    public async Task<Commit> NextCommitAsync() => await NextAsync(_commits, "a commit");

    /// <summary>The next room whose rows the writer tried to read back.</summary>
    public async Task<string> NextReadBackAsync() => await NextAsync(_reads, "a read of rows");

    public void FailReads(int times) => _failingReads = times;

    public bool HasCommit => _commits.Reader.TryPeek(out _);

    public bool HasReadBack => _reads.Reader.TryPeek(out _);

    public Task OpenAsync(CancellationToken cancellationToken) => Stored.OpenAsync(cancellationToken);

    public Task<IReadOnlyList<AppendResult>> CommitAsync(IReadOnlyList<AppendBatch> batches, CancellationToken cancellationToken)
    {
        var commit = new Commit(Stored, batches);
        _commits.Writer.TryWrite(commit);
        return commit.Result.WaitAsync(cancellationToken);
    }

    public Task ProbeAsync(CancellationToken cancellationToken) => Stored.ProbeAsync(cancellationToken);

    public async Task<IReadOnlyList<RoomHead>> ReadHeadsAsync(IReadOnlyList<string> rooms, CancellationToken cancellationToken)
    {
        HeadReads.Add(rooms.Count);
        HeadReadStarted.Release();
        if (HeadsHeld is { } held)
            await held.Task;
        ThrowIfFailing();
        return await Stored.ReadHeadsAsync(rooms, cancellationToken);
    }

    public async Task<IReadOnlyList<ChatMessage>> ReadAfterAsync(
        string room, long epoch, long after, int limit, int maxBytes, CancellationToken cancellationToken)
    {
        _reads.Writer.TryWrite(room);
        ThrowIfFailing();
        return await Stored.ReadAfterAsync(room, epoch, after, limit, maxBytes, cancellationToken);
    }

    public Task<IReadOnlyList<ChatMessage>> ReadBeforeAsync(
        string room, long epoch, long before, int limit, int maxBytes, CancellationToken cancellationToken) =>
        Stored.ReadBeforeAsync(room, epoch, before, limit, maxBytes, cancellationToken);

    public Task<IReadOnlyList<ChatMessage?>> FindAsync(string room, IReadOnlyList<MessageKey> keys, CancellationToken cancellationToken) =>
        Stored.FindAsync(room, keys, cancellationToken);

    public ValueTask DisposeAsync()
    {
        Closed = true;
        return Stored.DisposeAsync();
    }

    private void ThrowIfFailing()
    {
        if (Interlocked.Decrement(ref _failingReads) >= 0)
            throw new LogUnavailableException("The test's log cannot read.", outcomeUnclear: false);
    }

    private static async Task<T> NextAsync<T>(Channel<T> channel, string what)
    {
        try
        {
            return await channel.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The writer never asked for {what}.");
        }
    }

    /// <summary>A commit on its way.</summary>
    internal sealed class Commit(MemoryMessageLog stored, IReadOnlyList<AppendBatch> batches)
    {
        private readonly TaskCompletionSource<IReadOnlyList<AppendResult>> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<IReadOnlyList<AppendResult>> Result => _result.Task;

        public string[] Rooms => [.. batches.Select(batch => batch.Room)];

        public async Task SucceedAsync() => _result.SetResult(await stored.CommitAsync(batches, default));

        public void Fail() => _result.SetException(new LogUnavailableException("The test's disk is full.", outcomeUnclear: false));

        public async Task StoreAndLoseAnswerAsync()
        {
            await stored.CommitAsync(batches, default);
            LoseAnswer();
        }

        public void LoseAnswer() => _result.SetException(new LogUnavailableException("The test's connection broke.", outcomeUnclear: true));

        public void Break() => _result.SetException(new InvalidCastException("A bug."));
    }
}
