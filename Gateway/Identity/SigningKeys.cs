using System.Collections.Frozen;
using System.Text;
using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ChitChatz.Gateway.Identity;

/// <summary>
/// The keys of this service: one that signs, and those whose tokens still count. They follow the configuration while the process
/// runs, so that a former secret can be withdrawn without a restart.
/// </summary>
public sealed class SigningKeys : IDisposable
{
    private readonly IConfiguration? _configuration;
    private readonly ILogger<SigningKeys> _logger;
    private readonly Lazy<byte[]> _file;
    private readonly IDisposable? _reloads;
    private readonly string _issuer;
    private readonly string _audience;
    private volatile Ring _ring;

    /// <summary>Takes the keys from the settings, or from the data folder when there is no secret.</summary>
    /// <param name="settings">The checked settings.</param>
    /// <param name="dataFolder">The folder for <c>jwt.key</c>; only touched without a secret.</param>
    /// <param name="configuration">Where changes of the secrets come from, or null when they are fixed.</param>
    /// <param name="logger">Told of changes.</param>
    /// <exception cref="OptionsValidationException">The key file cannot be used.</exception>
    public SigningKeys(JwtSettings settings, string dataFolder, IConfiguration? configuration, ILogger<SigningKeys> logger)
    {
        _configuration = configuration;
        _logger = logger;
        _file = new Lazy<byte[]>(() => KeyFile.LoadOrCreate(dataFolder));
        _issuer = settings.Issuer;
        _audience = settings.Audience;
        _ring = Build(settings);
        if (configuration is not null)
            _reloads = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    internal SigningKey Current => _ring.Current;

    /// <summary>The keys by their names, for other gateways to compare.</summary>
    internal KeyNames Names
    {
        get
        {
            Ring ring = _ring;
            return new KeyNames(ring.Current.Id, [.. ring.Accepted.Keys]);
        }
    }

    // The kid comes from a stranger: it is looked up here and nowhere else.
    internal SigningKey? Find(string kid) => _ring.Accepted.GetValueOrDefault(kid);

    /// <inheritdoc/>
    public void Dispose() => _reloads?.Dispose();

    private void Reload()
    {
        var settings = new JwtSettings();
        try
        {
            _configuration!.GetSection(JwtSettings.Section).Bind(settings);
            JwtSecret.Apply(settings, _configuration);

            // Only secrets change while the process runs: the rest was handed out at start.
            settings.Issuer = _issuer;
            settings.Audience = _audience;
            string[] failures = [.. settings.Failures()];
            if (failures.Length > 0)
            {
                _logger.SecretsRefused(string.Join(' ', failures));
                return;
            }

            var before = _ring;
            var after = Build(settings);
            if (before.Current.Id == after.Current.Id && before.Accepted.Keys.ToHashSet().SetEquals(after.Accepted.Keys))
                return;
            _ring = after;
            _logger.SecretsChanged(after.Accepted.Count);
        }
        catch (Exception exception) when (exception is InvalidOperationException or OptionsValidationException)
        {
            // Thrown into the configuration's watcher it would end the process; the keys in use stay.
            _logger.SecretsRefused(exception.Message);
        }
    }

    private Ring Build(JwtSettings settings)
    {
        var current = new SigningKey(settings.Secret is { } secret ? Encoding.UTF8.GetBytes(secret) : _file.Value, settings);
        var accepted = new Dictionary<string, SigningKey>(StringComparer.Ordinal) { [current.Id] = current };
        foreach (var previous in settings.PreviousSecrets)
        {
            var key = new SigningKey(Encoding.UTF8.GetBytes(previous), settings);
            accepted.TryAdd(key.Id, key);
        }

        return new Ring(current, accepted.ToFrozenDictionary(StringComparer.Ordinal));
    }

    private sealed record Ring(SigningKey Current, FrozenDictionary<string, SigningKey> Accepted);
}
