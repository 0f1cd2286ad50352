using System.Net;
using System.Net.Sockets;

namespace ChitChatz.Chaos.Processes;

/// <summary>
/// Loopback ports that nobody listens on. Not those that the system gives away by itself: between this look and the listening of
/// whoever gets a port, the hundreds of clients of other tests could be given it. And none twice in this process.
/// </summary>
public static class FreePorts
{
    private const int First = 10_240;
    private const int Count = 20_000;

    private static int s_last = Random.Shared.Next(Count);

    public static int[] Take(int count) => [.. Enumerable.Range(0, count).Select(static _ => Take())];

    private static int Take()
    {
        while (true)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref s_last) % Count);
            try
            {
                using TcpListener listener = new(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody's; the next one.
            }
        }
    }
}
