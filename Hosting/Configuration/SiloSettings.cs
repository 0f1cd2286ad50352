namespace ChitChatz.Hosting.Configuration;

/// <summary>Where a silo listens. Silos read it to listen there, gateways to find the silo.</summary>
public sealed class SiloSettings : ISettings
{
    /// <inheritdoc />
    public static string Section => "Silo";

    /// <summary>The TCP port on which silos talk to each other: 1 to 65535. Default 11111, which is Orleans' own.</summary>
    public int Port { get; set; } = 11111;

    /// <summary>
    /// The TCP port on which a silo takes gateways: 1 to 65535. Default 30000, which is Orleans' own.
    /// Whoever reaches it can call any grain, so with Cluster:Provider = Localhost it is bound to loopback.
    /// </summary>
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
    }
}
