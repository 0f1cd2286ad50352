using System.Net;
using ChitChatz.Hosting.Configuration;

namespace ChitChatz.Hosting.Health;

/// <summary>Where operators and their tools ask how the process is. Not for clients.</summary>
public sealed class ManagementSettings : ISettings
{
    /// <inheritdoc />
    public static string Section => "Management";

    /// <summary>
    /// The port of the health endpoints, the metrics and the dashboard; 0 for any free one. Without it 3900 for a gateway or Standalone and 3901 for a silo, or a free
    /// one where that is taken, so that two on one machine start without settings. Printed at start.
    /// </summary>
    public int? Port { get; set; }

    /// <summary>The address to listen on. Default 127.0.0.1: this machine alone. Whoever reaches it can see how the process is.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Whether <c>/metrics</c> is served. Default true. False: nothing is measured for it; what is exported is not touched.</summary>
    public bool Metrics { get; set; } = true;

    /// <summary>
    /// Whether the Orleans dashboard is served, at <c>/dashboard/</c>, by a silo or Standalone. Default false. It asks nobody who they
    /// are and shows the log and the names of rooms and users, so it needs an address that is this machine's alone.
    /// </summary>
    public bool Dashboard { get; set; }

    /// <inheritdoc />
    public IEnumerable<string> Failures()
    {
        if (Port is < 0 or > 65_535)
            yield return $"Management:Port must be 0 (any free one) to 65535; it is {Port}.";
        if (!IPAddress.TryParse(Address, out IPAddress? address))
            yield return $"Management:Address must be an IP address, such as 127.0.0.1, or 0.0.0.0 for all interfaces; it is '{Address}'.";
        else if (Dashboard && !IPAddress.IsLoopback(address))
            yield return $"Management:Dashboard must be false while Management:Address is {Address}: the dashboard asks nobody who they are, so it is served on a loopback address only. Reach it through a tunnel, for example ssh -L 3900:127.0.0.1:3900.";
    }
}
