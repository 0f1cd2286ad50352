using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
        if (services.Any(descriptor => descriptor.ImplementationType == typeof(SettingsValidator<T>)))
            return services;

        services.AddOptions<T>().ValidateOnStart();
        services.AddSingleton<IConfigureOptions<T>>(provider => new SettingsBinder<T>(provider.GetRequiredService<IConfiguration>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<T>, SettingsValidator<T>>());
        services.AddSingleton(new KnownSection(T.Section));
        return services;
    }

    private sealed class SettingsValidator<T> : IValidateOptions<T>
        where T : class, ISettings
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            string[] failures = [.. options.Failures()];
            return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
        }
    }
}

/// <summary>A section that some part of this process reads; what is not in one of them is a mistake on the command line.</summary>
public sealed record KnownSection(string Name);
