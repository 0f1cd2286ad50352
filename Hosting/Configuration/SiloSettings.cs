using System.Net;

namespace ChitChatz.Hosting.Configuration;

/// <summary>Where a silo listens. Silos read it to listen there; a gateway with Cluster:Provider = Localhost to find the silo.</summary>
public sealed class SiloSettings : ISettings
{
    /// <inheritdoc />
    public static string Section => "Silo";

    /// <summary>
    /// The address at which other silos and gateways reach this one, and where alone it listens: an IP address of this machine, or its host
    /// name. Whoever reaches the ports can call any grain, so they belong into the cluster's own network. Default 127.0.0.1: this machine alone.
    /// </summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The TCP port on which silos talk to each other: 1 to 65535. Default 11111, which is Orleans' own.</summary>
    public int Port { get; set; } = 11111;

    /// <summary>The TCP port on which a silo takes gateways: 1 to 65535. Default 30000, which is Orleans' own.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <inheritdoc />
    public IEnumerable<string> Failures()
    {
        if (Port is < 1 or > 65535)
            yield return $"Silo:Port must be a port from 1 to 65535; it is {Port}.";
        if (GatewayPort is < 1 or > 65535)
            yield return $"Silo:GatewayPort must be a port from 1 to 65535; it is {GatewayPort}.";
        if (Port == GatewayPort)
            yield return $"Silo:Port and Silo:GatewayPort must be two ports; both are {Port}.";
        if (string.IsNullOrWhiteSpace(Address))
            yield return "Silo:Address must be an IP address or a host name.";
        else if (IPAddress.TryParse(Address, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
            yield return $"Silo:Address must be an address at which others reach this silo; {Address} is none.";
    }
}
