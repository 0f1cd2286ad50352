using ChitChatz.Hosting.Start;
using Microsoft.AspNetCore.Http;
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
        // The host has merged the first two: the command line is read after ASPNETCORE_ variables and wins.
        if (configuration["urls"] is { Length: > 0 } urls)
            return Check(urls);
        if (configuration["PORT"] is not { Length: > 0 } port)
            return Default;
        if (!int.TryParse(port, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) || number > 65535)
            throw new StartupException($"PORT must be a port from 0 to 65535; it is '{port}'.");
        return $"http://*:{number}";
    }

    private static string Check(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            try
            {
                var address = BindingAddress.Parse(url);
                if (address.Scheme is "http" or "https" && address.Port is >= 0 and <= 65535)
                    continue;
            }
            catch (FormatException)
            {
                // Told below, in our own words.
            }

            throw new StartupException($"--urls (or ASPNETCORE_URLS) must be addresses such as http://localhost:3000, parted by semicolons; '{url}' is none.");
        }

        return urls;
    }
}
