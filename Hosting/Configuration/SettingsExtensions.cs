using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChitChatz.Hosting.Configuration;

/// <summary>Registers sections of the configuration.</summary>
public static class SettingsExtensions
{
    /// <summary>Binds a section, refuses names in it that mean nothing, and checks it at start. May be called more than once.</summary>
    public static IServiceCollection AddSettings<T>(this IServiceCollection services)
        where T : class, ISettings, new()
    {
        // A section that was bound twice would append to its lists twice.
        if (services.Any(descriptor => descriptor.ServiceType == typeof(SettingsBinder<T>)))
            return services;

        services.AddOptions<T>().ValidateOnStart();
        services.AddSingleton(static provider => new SettingsBinder<T>(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<IConfigureOptions<T>>(static provider => provider.GetRequiredService<SettingsBinder<T>>());
        services.AddSingleton<IValidateOptions<T>>(static provider => provider.GetRequiredService<SettingsBinder<T>>());
        services.AddSingleton(new KnownSection(T.Section, SettingsBinder.Names(typeof(T))));
        return services;
    }
}

/// <summary>A section that some part of this process reads; what is not in one of them is a mistake on the command line.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Settings">The names of its settings.</param>
public sealed record KnownSection(string Name, IReadOnlyCollection<string> Settings);
