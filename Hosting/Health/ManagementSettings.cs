using System.Net;
using ChitChatz.Hosting.Configuration;

namespace ChitChatz.Hosting.Health;

/// <summary>Where operators and their tools ask how the process is. Not for clients.</summary>
public sealed class ManagementSettings : ISettings
{
    /// <inheritdoc />
    public static string Section => "Management";

    /// <summary>
    /// The port of the health endpoints; 0 for any free one. Without it 3900 for a gateway or Standalone and 3901 for a silo, or a free
    /// one where that is taken, so that two on one machine start without settings. Printed at start.
    /// </summary>
    public int? Port { get; set; }

    /// <summary>The address to listen on. Default 127.0.0.1: this machine alone. Whoever reaches it can see how the process is.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <inheritdoc />
    public IEnumerable<string> Failures()
    {
        if (Port is < 0 or > 65_535)
            yield return $"Management:Port must be 0 (any free one) to 65535; it is {Port}.";
        if (!IPAddress.TryParse(Address, out _))
            yield return $"Management:Address must be an IP address, such as 127.0.0.1, or 0.0.0.0 for all interfaces; it is '{Address}'.";
    }
}
