using System.Buffers;
using System.Globalization;

namespace ChitChatz.Gateway.Handshake;

/// <summary>
/// An origin as browsers write it: scheme, host, and the port unless it is the scheme's own. Parsed by hand, because URL parsers
/// accept what no browser sends, and each such spelling is somebody's trick.
/// </summary>
internal readonly record struct WebOrigin(string Scheme, string Host, int Port)
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");
    private static readonly SearchValues<char> SchemeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789+-.");
    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("0123456789abcdefABCDEF:.");

    public static bool TryParse(string? text, out WebOrigin origin)
    {
        origin = default;
        if (text is null or { Length: > 300 })
            return false;
        var separator = text.IndexOf("://", StringComparison.Ordinal);
        if (separator <= 0 || !char.IsAsciiLetterLower(text[0]) || text.AsSpan(0, separator).ContainsAnyExcept(SchemeCharacters))
            return false;
        var scheme = text[..separator];
        var rest = text.AsSpan(separator + 3);

        var hostLength = rest.StartsWith("[") ? rest.IndexOf(']') + 1 : rest.IndexOf(':') is >= 0 and var colon ? colon : rest.Length;
        var host = rest[..hostLength];
        var isAddress = host.StartsWith("[");
        if (host.IsEmpty || (isAddress ? host.Length < 4 || host[1..^1].ContainsAnyExcept(AddressCharacters) : host.ContainsAnyExcept(NameCharacters)))
            return false;

        var port = scheme switch { "https" => 443, "http" => 80, _ => 0 };
        var tail = rest[hostLength..];
        if (!tail.IsEmpty
            && (tail[0] != ':' || tail.Length is < 2 or > 6
                || !int.TryParse(tail[1..], NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535))
            return false;

        origin = new WebOrigin(scheme, host.ToString().ToLowerInvariant(), port);
        return true;
    }

    /// <summary>Whether a page of this origin comes from the host that the request was sent to, whatever the port.</summary>
    public bool IsOf(string? host) =>
        Scheme is "http" or "https" && !string.IsNullOrEmpty(host) && string.Equals(OneLoopback(Host), OneLoopback(host), StringComparison.OrdinalIgnoreCase);

    // Developers mix these three, and all of them are this machine.
    private static string OneLoopback(string host) => host is "127.0.0.1" or "[::1]" ? "localhost" : host;
}
