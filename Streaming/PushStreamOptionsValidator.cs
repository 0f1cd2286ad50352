using Microsoft.Extensions.Options;

namespace ChitChatz.Streaming;

/// <summary>Refuses wrong settings at start, all of them at once, each with its provider's name.</summary>
internal sealed class PushStreamOptionsValidator : IValidateOptions<PushStreamOptions>
{
    public ValidateOptionsResult Validate(string? name, PushStreamOptions options)
    {
        string[] failures = [.. options.Failures().Select(failure => $"Push streams '{name}': {failure}")];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
