using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime.Providers;
using Orleans.Streams;

namespace ChitChatz.Streaming;

/// <summary>
/// Adds the silo-local push stream provider. The host provides the grain storage named <c>PubSubStore</c>, which holds the
/// subscriptions: <c>AddMemoryGrainStorage("PubSubStore")</c> for one silo, a durable one for a cluster, so that a dead silo
/// costs no subscription. A silo without it does not start.
/// </summary>
public static class PushStreamHostingExtensions
{
    /// <summary>
    /// Adds the provider to a silo. Its grains and its hosted client can publish and subscribe; <see cref="IPushQueues"/> is
    /// registered as a keyed service under <paramref name="name"/>.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="name">The provider's name, the same on all silos and clients.</param>
    /// <param name="configure">Changes the settings. Wrong ones stop the start with an <see cref="OptionsValidationException"/> that lists them all.</param>
    public static ISiloBuilder AddPushStreams(this ISiloBuilder builder, string name, Action<PushStreamOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        builder.ConfigureServices(services =>
        {
            services.AddMetrics();
            services.TryAddSingleton<StreamingInstruments>();
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PushStreamOptions>, PushStreamOptionsValidator>());
            OptionsBuilder<PushStreamOptions> options = services.AddOptions<PushStreamOptions>(name).ValidateOnStart();
            if (configure is not null)
                options.Configure(configure);
            services.AddKeyedSingleton(name, (provider, _) => PushQueues.Create(provider, name));
            services.AddKeyedSingleton<IPushQueues>(name, (provider, _) => provider.GetRequiredKeyedService<PushQueues>(name));
            services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => DrainBeforeStop.Create(provider, name));
        });

        return builder.AddPersistentStreams(name, PushAdapterFactory.Create, streams =>
        {
            streams.ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedOnly);
            streams.ConfigurePartitionBalancing((_, _) => new LocalQueueBalancer());
            streams.ConfigureLifecycle(stages => stages.Configure(stage => stage.StartStage = DrainBeforeStop.AgentStage));
            streams.ConfigurePullingAgent(agents => agents.Configure<IOptionsMonitor<PushStreamOptions>>(
                (agent, options) => options.Get(name).ApplyTo(agent)));
            streams.ConfigureBackoffProvider((provider, _) => (IMessageDeliveryBackoffProvider)Options(provider, name).DeliveryBackoff());
            streams.ConfigureBackoffProvider((provider, _) => (IQueueReaderBackoffProvider)Options(provider, name).QueueReadBackoff());
        });
    }

    /// <summary>Adds the provider to a client, which can subscribe; publishing throws a <see cref="NotSupportedException"/>.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="name">The provider's name, the same as on the silos.</param>
    public static IClientBuilder AddPushStreams(this IClientBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        new ClusterClientPersistentStreamConfigurator(name, builder, (_, provider) => new ConsumeOnlyAdapterFactory(provider))
            .ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedOnly);
        return builder;
    }

    private static PushStreamOptions Options(IServiceProvider provider, string name) =>
        provider.GetRequiredService<IOptionsMonitor<PushStreamOptions>>().Get(name);
}
