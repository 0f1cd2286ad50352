using ChitChatz.Hosting.Configuration;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Sessions;

/// <summary>The section <c>Names</c>.</summary>
internal sealed class NamesSettings : ISettings
{
    /// <inheritdoc />
    public static string Section => "Names";

    /// <summary>
    /// Names that no user may have, nor one that looks like them, beside <see cref="NameRules.DefaultReserved"/>: those of your own
    /// staff and bots. Default: none.
    /// </summary>
    public string[] Reserved { get; set; } = [];

    /// <summary>The built-in ones and the configured ones.</summary>
    public IReadOnlyCollection<string> All => [.. NameRules.DefaultReserved, .. Reserved];

    /// <inheritdoc />
    public IEnumerable<string> Failures()
    {
        if (Reserved.Any(string.IsNullOrWhiteSpace))
        {
            yield return "Names:Reserved must not contain empty names";
        }
    }
}
