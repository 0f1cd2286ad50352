using ChitChatz.Storage;

namespace ChitChatz.Tests.Grains;

/// <summary>A log that keeps everything for ever.</summary>
internal sealed partial class FakeLog
{
    public LogHealth Health => new(true, null);

    public Task ProbeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<RoomSpan>> ReadSpansAsync(string? afterRoom, int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<RoomSpan>>([]);

    public Task<int> TrimAsync(string room, long epoch, long below, long takenBefore, int limit, CancellationToken cancellationToken) => Task.FromResult(0);

    public Task<long?> ForgetAsync(string room, long epoch, long head, CancellationToken cancellationToken)
    {
        Room of = Of(room);
        lock (of)
        {
            if (head == 0 || of.Epoch != epoch || of.Messages.Count != head)
                return Task.FromResult<long?>(null);

            of.Messages.Clear();
            return Task.FromResult<long?>(++of.Epoch);
        }
    }

    public Task<int> SweepAsync(int limit, CancellationToken cancellationToken) => Task.FromResult(0);
}
