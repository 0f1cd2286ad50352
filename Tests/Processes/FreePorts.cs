using System.Net;
using System.Net.Sockets;

namespace ChitChatz.Tests.Processes;

/// <summary>Loopback ports that nobody listens on, all different.</summary>
public static class FreePorts
{
    public static int[] Take(int count)
    {
        // Held until all are chosen, or the same one could be given twice.
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            foreach (var listener in listeners)
                listener.Start();
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (var listener in listeners)
                listener.Dispose();
        }
    }
}
