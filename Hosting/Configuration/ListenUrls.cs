using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ChitChatz.Hosting.Start;
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
    /// <exception cref="StartupException">An address or port that cannot be listened on.</exception>
    public static string From(IConfiguration configuration)
    {
        // Kestrel would prefer it to all that follows.
        if (configuration.GetSection("Kestrel").Exists())
            throw new StartupException("Kestrel:... is no setting here: where the gateway listens is said by --urls, its limits by Limits:....");

        // The host has merged the first two: the command line is read after ASPNETCORE_ variables and wins.
        if (configuration["urls"] is { Length: > 0 } urls)
            return Check(urls);
        if (configuration["PORT"] is not { Length: > 0 } port)
            return Default;
        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 65535)
            throw new StartupException($"PORT must be a port from 0 to 65535; it is '{port}'.");
        return $"http://*:{number}";
    }

    private static string Check(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!IsAddress(url))
                throw new StartupException(
                    "--urls (or ASPNETCORE_URLS) must be addresses such as http://localhost:3000, http://192.0.2.1:3000 or, for all interfaces, "
                    + $"http://*:3000, parted by semicolons; '{url}' is none. TLS and paths belong to a reverse proxy in front.");
        }

        return urls;
    }

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
        if (hasPort && (!int.TryParse(authority[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535))
            return false;

        return host is "*" or "+" || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && (address.AddressFamily == AddressFamily.InterNetwork) != host.StartsWith('['));
    }
}
