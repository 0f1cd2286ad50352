using ChitChatz.Grains.Abstractions;
using Orleans.Streams;
using Xunit;

namespace ChitChatz.Tests.Grains;

/// <summary>A gateway's inbox as a test reads it.</summary>
internal sealed class InboxProbe : IAsyncObserver<InboxItem>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly List<InboxItem> _items = [];
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<InboxProbe> OpenAsync(IClusterClient client, GatewayId gateway)
    {
        InboxProbe probe = new();
        await client.GetStreamProvider(StreamNames.Provider).GetStream<InboxItem>(StreamNames.Inbox(gateway)).SubscribeAsync(probe);
        return probe;
    }

    public Task OnNextAsync(InboxItem item, StreamSequenceToken? token = null)
    {
        lock (_gate)
        {
            _items.Add(item);
            _news.SetResult();
            _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    /// <summary>Waits until what came satisfies a condition; returns what came of this kind.</summary>
    public async Task<T[]> WaitAsync<T>(Func<T[], bool> enough, string missing)
        where T : InboxItem
    {
        using CancellationTokenSource deadline = new(Deadline);
        while (true)
        {
            Task news;
            T[] items;
            lock (_gate)
            {
                items = [.. _items.OfType<T>()];
                news = _news.Task;
            }

            if (enough(items))
                return items;

            try
            {
                await news.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Missing in the inbox after {Deadline}: {missing}; came: {string.Join(", ", items.Select(item => item.ToString()))}");
            }
        }
    }
}
