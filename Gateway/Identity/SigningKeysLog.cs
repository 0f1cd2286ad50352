namespace ChitChatz.Gateway.Identity;

internal static partial class SigningKeysLog
{
    [LoggerMessage(LogLevel.Information, "The secrets for tokens have changed; {Count} keys are accepted now.")]
    public static partial void SecretsChanged(this ILogger<SigningKeys> logger, int count);

    [LoggerMessage(LogLevel.Error, "The changed secrets for tokens cannot be used; those before stay in use. {Reason}")]
    public static partial void SecretsRefused(this ILogger<SigningKeys> logger, string reason);
}
