using System.Collections.Concurrent;
using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace ChitChatz.Grains;

/// <summary>Inboxes as Orleans streams, one per gateway process.</summary>
internal sealed class StreamInboxes(IServiceProvider services, GrainsInstruments instruments, ILogger<StreamInboxes> logger) : IInboxes
{
    // Resolved late: a stream provider is itself built with the silo.
    private readonly Lazy<IStreamProvider> _provider = new(() => services.GetRequiredKeyedService<IStreamProvider>(StreamNames.Provider));

    // A handle is costly to make and cheap to keep; those of dead gateways are dropped by KeepOnly.
    private readonly ConcurrentDictionary<GatewayId, IAsyncStream<InboxItem>> _streams = new();

    public ValueTask PublishAsync(GatewayId gateway, InboxItem item)
    {
        try
        {
            if (!_streams.TryGetValue(gateway, out IAsyncStream<InboxItem>? stream))
                stream = _streams.GetOrAdd(gateway, _provider.Value.GetStream<InboxItem>(StreamNames.Inbox(gateway)));

            Task put = stream.OnNextAsync(item);
            return put.IsCompletedSuccessfully ? ValueTask.CompletedTask : Settle(gateway, put);
        }
        catch (Exception exception)
        {
            Failed(gateway, exception);
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Forgets the handles of all other gateways.</summary>
    public void KeepOnly(IReadOnlySet<GatewayId> live)
    {
        foreach (GatewayId gateway in _streams.Keys)
        {
            if (!live.Contains(gateway))
                _streams.TryRemove(gateway, out _);
        }
    }

    private async ValueTask Settle(GatewayId gateway, Task put)
    {
        try
        {
            await put;
        }
        catch (Exception exception)
        {
            Failed(gateway, exception);
        }
    }

    private void Failed(GatewayId gateway, Exception exception)
    {
        instruments.PushFailed();
        logger.PushFailed(exception, gateway);
    }
}
