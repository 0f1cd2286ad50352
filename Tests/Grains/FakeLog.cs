using System.Collections.Concurrent;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Storage;

namespace ChitChatz.Tests.Grains;

/// <summary>A log in memory that all silos of a test share and that can be told how to misbehave, room by room.</summary>
internal sealed partial class FakeLog : ILogWriter, IMessageLog, ILogRetention
{
    public const long Epoch = 77;

    private readonly ConcurrentDictionary<string, Room> _rooms = new();

    public int Appends(string room) => Of(room).Appends;

    /// <summary>Of each append of the room, in order, whether it was said that its ids may stand already.</summary>
    public IReadOnlyCollection<bool> MayRepeat(string room) => Of(room).MayRepeat;

    public IReadOnlyList<ChatMessage> Messages(string room)
    {
        lock (Of(room))
            return [.. Of(room).Messages];
    }

    /// <summary>The next append of the room waits for the gate; the task ends when it has come.</summary>
    public (Task Arrived, TaskCompletionSource Gate) HoldNext(string room)
    {
        Room of = Of(room);
        of.Arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        of.Gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return (of.Arrived.Task, of.Gate);
    }

    /// <summary>The next append ends so, and nothing is stored.</summary>
    public void AnswerNext(string room, AppendStatus status) => Of(room).Next = status;

    /// <summary>The next append throws.</summary>
    public void ThrowNext(string room) => Of(room).Throws = true;

    public void Unreadable(string room, bool value) => Of(room).Unreadable = value;

    /// <summary>Another activation writes.</summary>
    public void WriteForeign(string room, ChatMessage message)
    {
        Room of = Of(room);
        lock (of)
            of.Messages.Add(message with { Seq = of.Messages.Count + 1 });
    }

    public async Task<AppendResult> AppendAsync(AppendBatch batch)
    {
        Room room = Of(batch.Room);
        room.Appends++;
        room.MayRepeat.Enqueue(batch.MayRepeat);
        if (Interlocked.Exchange(ref room.Gate, null) is { } gate)
        {
            room.Arrived!.SetResult();
            await gate.Task;
        }

        await Task.Yield();
        lock (room)
        {
            if (room.Throws)
            {
                room.Throws = false;
                throw new InvalidOperationException("the writer broke");
            }

            if (room.Next is { } next)
            {
                room.Next = null;
                return new AppendResult(next, []);
            }

            if (batch.Epoch != room.Epoch || batch.Messages[0].Seq != room.Messages.Count + 1)
                return AppendResult.Fenced;

            ChatMessage[] found = [.. room.Messages.Where(old => batch.Messages.Any(message => message.Sub == old.Sub && message.Id == old.Id))];
            if (found.Length > 0)
                return new AppendResult(AppendStatus.Duplicates, found);

            Assert(batch.Messages);
            room.Messages.AddRange(batch.Messages);
            room.Name ??= batch.RoomName;
            return AppendResult.Committed;
        }
    }

    public async Task<RoomHead> ReadHeadAsync(string room)
    {
        await Task.Yield();
        Room of = Of(room);
        if (of.Unreadable)
            throw new LogUnavailableException("told so", false);

        lock (of)
            return new RoomHead(of.Epoch, of.Messages.Count, of.Name);
    }

    public Task<IReadOnlyList<ChatMessage>> ReadAfterAsync(string room, long epoch, long after, int limit, int maxBytes, CancellationToken cancellationToken)
    {
        lock (Of(room))
            return Task.FromResult<IReadOnlyList<ChatMessage>>([.. Of(room).Messages.Where(message => message.Seq > after).Take(limit)]);
    }

    public Task<IReadOnlyList<ChatMessage?>> FindAsync(string room, IReadOnlyList<MessageKey> keys, CancellationToken cancellationToken)
    {
        if (Of(room).Unreadable)
            throw new LogUnavailableException("told so", false);

        lock (Of(room))
            return Task.FromResult<IReadOnlyList<ChatMessage?>>(
                [.. keys.Select(key => Of(room).Messages.Find(message => message.Sub == key.Sub && message.Id == key.Id))]);
    }

    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<AppendResult>> CommitAsync(IReadOnlyList<AppendBatch> batches, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<RoomHead>> ReadHeadsAsync(IReadOnlyList<string> rooms, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ChatMessage>> ReadBeforeAsync(string room, long epoch, long before, int limit, int maxBytes, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void Assert(IReadOnlyList<ChatMessage> messages)
    {
        for (int i = 1; i < messages.Count; i++)
        {
            if (messages[i].Seq != messages[i - 1].Seq + 1)
                throw new InvalidOperationException("The batch is not dense.");
        }
    }

    private Room Of(string room) => _rooms.GetOrAdd(room, _ => new Room());

    private sealed class Room
    {
        public long Epoch = FakeLog.Epoch;
        public readonly List<ChatMessage> Messages = [];
        public string? Name;
        public int Appends;
        public readonly ConcurrentQueue<bool> MayRepeat = [];
        public bool Unreadable;
        public bool Throws;
        public AppendStatus? Next;
        public TaskCompletionSource? Gate;
        public TaskCompletionSource? Arrived;
    }
}
