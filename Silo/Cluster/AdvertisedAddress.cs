using System.Net;
using System.Net.Sockets;
using ChitChatz.Hosting.Configuration;
using ChitChatz.Hosting.Start;
using Microsoft.Extensions.Options;

namespace ChitChatz.Silo.Cluster;

/// <summary>The IP address that <c>Silo:Address</c> means; IPv4 where a name has both.</summary>
internal sealed class AdvertisedAddress(IOptions<SiloSettings> settings)
{
    private readonly Lazy<IPAddress> _value = new(() => Resolve(settings.Value.Address));

    /// <exception cref="StartupException">The name means no address.</exception>
    public IPAddress Value => _value.Value;

    private static IPAddress Resolve(string name)
    {
        if (IPAddress.TryParse(name, out var address))
            return address;
        try
        {
            var all = Dns.GetHostAddresses(name);
            return Array.Find(all, static found => found.AddressFamily == AddressFamily.InterNetwork) ?? all.FirstOrDefault()
                ?? throw new StartupException($"Silo:Address is '{name}', and that name has no address.");
        }
        catch (SocketException exception)
        {
            throw new StartupException($"Silo:Address is '{name}', and that name cannot be looked up: {exception.Message}.", exception);
        }
    }
}
