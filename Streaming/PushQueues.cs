using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Streams;

namespace ChitChatz.Streaming;

/// <summary>All queues of one provider in this silo. They live as long as the silo; agents come and go.</summary>
internal sealed class PushQueues : IPushQueues
{
    private readonly PushQueue[] _queues;
    private readonly TimeProvider _time;

    public PushQueues(string name, PushStreamOptions options, StreamingInstruments instruments, TimeProvider time, ILogger logger)
    {
        Name = name;
        Options = options;
        Counters = instruments.For(name);
        _time = time;
        Mapper = new HashRingBasedStreamQueueMapper(new HashRingStreamQueueMapperOptions { TotalQueueCount = options.QueueCount }, name);
        var drops = new DropReport(name, time, logger);
        _queues = [.. Enumerable.Range(0, options.QueueCount).Select(_ => new PushQueue(options.QueueCapacity, Counters, drops))];
    }

    public string Name { get; }

    public PushStreamOptions Options { get; }

    public StreamingCounters Counters { get; }

    public IStreamQueueMapper Mapper { get; }

    public static PushQueues Create(IServiceProvider services, string name) => new(
        name,
        services.GetRequiredService<IOptionsMonitor<PushStreamOptions>>().Get(name),
        services.GetRequiredService<StreamingInstruments>(),
        services.GetService<TimeProvider>() ?? TimeProvider.System,
        services.GetRequiredService<ILogger<PushQueues>>());

    public PushQueue this[QueueId id] => _queues[(int)id.GetNumericId()];

    public PushQueue For(StreamId stream) => this[Mapper.GetQueueForStream(stream)];

    public Task<bool> WhenDrainedAsync(StreamId stream, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        Within(For(stream).Progress.WhenSettled(stream), timeout, cancellationToken);

    public Task<bool> WhenDrainedAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        Within(Task.WhenAll(_queues.Select(queue => queue.Progress.WhenAllSettled())), timeout, cancellationToken);

    private async Task<bool> Within(Task settled, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await settled.WaitAsync(timeout, _time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
