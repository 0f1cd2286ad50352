using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Providers.Streams.Common;
using Orleans.Serialization;
using Orleans.Streams;

namespace ChitChatz.Streaming;

/// <summary>Builds the silo's parts around its <see cref="PushQueues"/>.</summary>
internal sealed class PushAdapterFactory(PushQueues queues, DeepCopier copier, TimeProvider time, ILogger logger) : IQueueAdapterFactory, IQueueAdapterCache
{
    private readonly PushAdapter _adapter = new(queues, copier);
    private readonly DeliveryFailures _failures = new(queues.Counters, logger);

    public static IQueueAdapterFactory Create(IServiceProvider services, string name) => new PushAdapterFactory(
        services.GetRequiredKeyedService<PushQueues>(name),
        services.GetRequiredService<DeepCopier>(),
        services.GetService<TimeProvider>() ?? TimeProvider.System,
        services.GetRequiredService<ILogger<PushAdapterFactory>>());

    public Task<IQueueAdapter> CreateAdapter(CancellationToken cancellationToken) => Task.FromResult<IQueueAdapter>(_adapter);

    [Obsolete("Orleans calls the overload with a CancellationToken.")]
    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(_adapter);

    public IQueueAdapterCache GetQueueAdapterCache() => this;

    public IStreamQueueMapper GetStreamQueueMapper() => queues.Mapper;

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) => Task.FromResult<IStreamFailureHandler>(_failures);

    public IQueueCache CreateQueueCache(QueueId queueId) => new PushQueueCache(queues[queueId].Progress, queues.Options, queues.Counters, time);
}
