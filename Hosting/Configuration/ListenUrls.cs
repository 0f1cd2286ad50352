using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace ChitChatz.Hosting.Configuration;

/// <summary>Where the gateway listens: <c>--urls</c>, then <c>ASPNETCORE_URLS</c>, then <c>PORT</c>, then <see cref="Default"/>.</summary>
public static class ListenUrls
{
    /// <summary>Loopback only: whoever opens a service to a network says so.</summary>
    public const string Default = "http://localhost:3000";

    /// <summary>
    /// The addresses to listen on, parted by semicolons. Other variables that container images set for every web application,
    /// such as <c>ASPNETCORE_HTTP_PORTS</c>, are not read: an image would silently move the service.
    /// </summary>
    public static string From(IConfiguration configuration)
    {
        // The host has merged the first two: the command line is read after ASPNETCORE_ variables and wins.
        if (configuration["urls"] is { Length: > 0 } urls)
            return urls;
        return configuration["PORT"] is { Length: > 0 } port ? $"http://*:{port}" : Default;
    }

    /// <summary>What cannot be listened on, in a sentence each. To be asked before anything listens.</summary>
    public static IEnumerable<string> Failures(IConfiguration configuration)
    {
        // Kestrel would prefer it to all that follows.
        if (configuration.GetSection("Kestrel").Exists())
            yield return "Kestrel:... is no setting here: where the gateway listens is said by --urls, its limits by Limits:....";

        var urls = configuration["urls"] ?? "";
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!IsAddress(url))
                yield return "--urls (or ASPNETCORE_URLS) must be addresses such as http://localhost:3000, http://192.0.2.1:3000 or, for all interfaces, "
                    + $"http://*:3000, parted by semicolons; '{url}' is none. TLS and paths belong to a reverse proxy in front.";
        }

        if (urls.Length == 0 && configuration["PORT"] is { Length: > 0 } port && !IsPort(port))
            yield return $"PORT must be a port from 0 to 65535; it is '{port}'.";
    }

    private static bool IsPort(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 65535;

    // Kestrel takes a host that it does not know, and a port that it cannot read, for "all interfaces": a slip would open the service to the world.
    private static bool IsAddress(string url)
    {
        const string Scheme = "http://";
        if (!url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return false;

        var authority = url[Scheme.Length..].TrimEnd('/');
        var colon = authority.LastIndexOf(':');
        var hasPort = colon > authority.LastIndexOf(']');
        var host = hasPort ? authority[..colon] : authority;
        if (hasPort && !IsPort(authority[(colon + 1)..]))
            return false;

        return host is "*" or "+" || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && (address.AddressFamily == AddressFamily.InterNetwork) != host.StartsWith('['));
    }
}
