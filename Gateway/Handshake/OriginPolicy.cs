using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ChitChatz.Gateway.Handshake;

/// <summary>What a handshake's Origin is worth.</summary>
public enum OriginVerdict
{
    /// <summary>A page that may not connect.</summary>
    Refused,

    /// <summary>None was sent: no browser. May connect, but what a browser sends by itself does not count.</summary>
    Missing,

    /// <summary>A page that may connect.</summary>
    Allowed,
}

/// <summary>
/// Decides which pages' scripts may connect (THREATS W1): those of the host that the request went to, whatever their port, and the
/// ones of <c>Gateway:AllowedOrigins</c>.
/// </summary>
public sealed class OriginPolicy(IOptions<GatewaySettings> options)
{
    private readonly bool _allowMissing = options.Value.AllowMissingOrigin;
    private readonly FrozenSet<WebOrigin> _allowed = Parse(options.Value.AllowedOrigins);

    /// <summary>The verdict on a handshake.</summary>
    public OriginVerdict Check(HttpRequest request) => Check(request.Headers.Origin, request.Host.Host);

    internal OriginVerdict Check(StringValues sent, string? host)
    {
        if (sent.Count == 0)
            return _allowMissing ? OriginVerdict.Missing : OriginVerdict.Refused;

        // Not one: forged, or two parties disagree. "null" (a sandboxed or local page) does not parse.
        return sent.Count == 1 && WebOrigin.TryParse(sent[0], out var origin) && (origin.IsOf(host) || _allowed.Contains(origin))
            ? OriginVerdict.Allowed
            : OriginVerdict.Refused;
    }

    /// <summary>The Origin as it may be shown and logged: printable ASCII, at most 100 characters.</summary>
    public static string Show(HttpRequest request)
    {
        var sent = request.Headers.Origin.ToString();
        var shown = string.Create(Math.Min(sent.Length, 100), sent, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
                target[i] = source[i] is >= '!' and <= '~' and not '<' and not '>' ? source[i] : '?';
        });
        return shown.Length == 0 ? "(none)" : shown;
    }

    private static FrozenSet<WebOrigin> Parse(string[] origins)
    {
        var parsed = new HashSet<WebOrigin>();
        foreach (var text in origins)
            if (WebOrigin.TryParse(text, out var origin))
                parsed.Add(origin);
        return parsed.ToFrozenSet();
    }
}
