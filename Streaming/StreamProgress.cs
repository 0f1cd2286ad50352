using System.Runtime.InteropServices;
using Orleans.Runtime;

namespace ChitChatz.Streaming;

/// <summary>
/// Knows, for each stream of one queue, the newest sequence that was published and who waits for which to be settled. A stream
/// is in the table only while something of it is under way.
/// </summary>
internal sealed class StreamProgress
{
    private readonly Lock _lock = new();
    private readonly Dictionary<StreamId, Entry> _streams = [];

    /// <summary>Notes an item that is being queued.</summary>
    public void Published(StreamId stream, long sequence)
    {
        lock (_lock)
        {
            ref Entry? entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_streams, stream, out _);
            entry ??= new Entry();
            entry.Published = sequence;
        }
    }

    /// <summary>Everything of the stream up to this sequence was delivered or given up.</summary>
    public void Settle(StreamId stream, long sequence)
    {
        lock (_lock)
        {
            if (!_streams.TryGetValue(stream, out Entry? entry))
                return;
            if (entry.Published <= sequence)
                _streams.Remove(stream);
            entry.Release(sequence);
        }
    }

    public Task WhenSettled(StreamId stream)
    {
        lock (_lock)
            return _streams.TryGetValue(stream, out Entry? entry) ? entry.Wait() : Task.CompletedTask;
    }

    public Task WhenAllSettled()
    {
        lock (_lock)
            return _streams.Count == 0 ? Task.CompletedTask : Task.WhenAll([.. _streams.Values.Select(entry => entry.Wait())]);
    }

    private sealed class Entry
    {
        private List<(long Sequence, TaskCompletionSource Settled)>? _waiters;

        public long Published { get; set; }

        public Task Wait()
        {
            var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            (_waiters ??= []).Add((Published, settled));
            return settled.Task;
        }

        public void Release(long sequence)
        {
            if (_waiters is null)
                return;
            foreach ((long awaited, TaskCompletionSource settled) in _waiters)
            {
                if (awaited <= sequence)
                    settled.TrySetResult();
            }

            _waiters.RemoveAll(waiter => waiter.Sequence <= sequence);
        }
    }
}
