using Microsoft.Extensions.Options;

namespace ChitChatz.Gateway.Identity;

/// <summary>Where the secret comes from, and when there must be one.</summary>
internal sealed class JwtSecret(IConfiguration configuration) : IPostConfigureOptions<JwtSettings>, IValidateOptions<JwtSettings>
{
    public void PostConfigure(string? name, JwtSettings options) => Apply(options, configuration);

    public ValidateOptionsResult Validate(string? name, JwtSettings options)
    {
        // Gateways on several machines share no folder: each would make its own key, and refuse the others' tokens.
        var cluster = string.Equals(configuration["Cluster:Provider"], "Postgres", StringComparison.OrdinalIgnoreCase);
        return cluster && options.Secret is null
            ? ValidateOptionsResult.Fail("Jwt:Secret (or SECRET) must be set when Cluster:Provider is Postgres, to the same value on every gateway. Make one with: openssl rand -base64 32")
            : ValidateOptionsResult.Success;
    }

    /// <summary>Also reads the plain <c>SECRET</c>, as the protocol's first server did. An empty one is none: that is how an unset variable of a compose file arrives.</summary>
    public static void Apply(JwtSettings settings, IConfiguration configuration)
    {
        if (string.IsNullOrEmpty(settings.Secret))
            settings.Secret = configuration["SECRET"];
        if (string.IsNullOrEmpty(settings.Secret))
            settings.Secret = null;
        settings.PreviousSecrets = [.. settings.PreviousSecrets.Where(previous => !string.IsNullOrEmpty(previous))];
    }
}
