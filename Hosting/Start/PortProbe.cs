using System.Net;
using System.Net.Sockets;

namespace ChitChatz.Hosting.Start;

/// <summary>Tries whether a port can be listened on, before what listens there is started and reports it late or badly.</summary>
public static class PortProbe
{
    /// <summary>Takes the port and lets go of it again. Gives why that failed; null when it did not.</summary>
    public static SocketException? Try(IPEndPoint endpoint)
    {
        try
        {
            using Socket socket = new(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(endpoint);
            return null;
        }
        catch (SocketException exception)
        {
            return exception;
        }
    }
}
