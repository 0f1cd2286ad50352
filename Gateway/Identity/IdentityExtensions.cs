using ChitChatz.Gateway.Handshake;
using ChitChatz.Hosting.Configuration;
using ChitChatz.Protocol;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChitChatz.Gateway.Identity;

/// <summary>Registers tokens and who they are for.</summary>
public static class IdentityExtensions
{
    /// <summary>Adds <see cref="TokenService"/> and <see cref="CookieIdentity"/>. Needs <see cref="NameRules"/> and the handshake's settings from elsewhere.</summary>
    /// <param name="services">The services of the process.</param>
    /// <param name="dataFolder">Gives the full path of the folder for the key file.</param>
    public static IServiceCollection AddChitChatzIdentity(this IServiceCollection services, Func<IServiceProvider, string> dataFolder)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSettings<JwtSettings>();
        services.AddSingleton<JwtSecret>();
        services.AddSingleton<IPostConfigureOptions<JwtSettings>>(provider => provider.GetRequiredService<JwtSecret>());
        services.AddSingleton<IValidateOptions<JwtSettings>>(provider => provider.GetRequiredService<JwtSecret>());
        services.AddSingleton(provider => new SigningKeys(
            provider.GetRequiredService<IOptions<JwtSettings>>().Value,
            dataFolder(provider),
            provider.GetRequiredService<IConfiguration>(),
            provider.GetRequiredService<ILogger<SigningKeys>>()));
        services.AddSingleton<TokenService>();
        services.AddSingleton(provider => new CookieIdentity(
            provider.GetRequiredService<TokenService>(),
            provider.GetRequiredService<IOptions<GatewaySettings>>(),
            name => provider.GetRequiredService<NameRules>().CheckUser(name, out var canonical) is null ? canonical.Key : null));
        services.AddHostedService<KeysAtStart>();
        return services;
    }

    // Its constructor is the point: a key that cannot be read stops the start, not the first client.
    private sealed class KeysAtStart : IHostedService
    {
        public KeysAtStart(SigningKeys keys) => ArgumentNullException.ThrowIfNull(keys);

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
