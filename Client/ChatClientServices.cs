using System.Diagnostics.Metrics;
using ChitChatz.Client;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Clients as services.</summary>
public static class ChatClientServices
{
    /// <summary>
    /// Adds a <see cref="ChatClient"/> as a singleton, with the application's loggers, meters and clock. It connects when it is first asked to.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Fills the options in when the client is made.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddChitChatzClient(this IServiceCollection services, Action<ChatClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddSingleton(provider => Create(provider, configure));
    }

    /// <summary>Adds a <see cref="ChatClient"/> as a keyed singleton, for applications with several.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="key">The key by which it is asked for.</param>
    /// <param name="configure">Fills the options in when the client is made.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddKeyedChitChatzClient(this IServiceCollection services, object key, Action<ChatClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddKeyedSingleton(key, (provider, _) => Create(provider, configure));
    }

    private static ChatClient Create(IServiceProvider provider, Action<ChatClientOptions> configure)
    {
        ChatClientOptions options = new() { TimeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System };
        configure(options);
        return new ChatClient(options, provider.GetService<ILoggerFactory>(), provider.GetService<IMeterFactory>());
    }
}
