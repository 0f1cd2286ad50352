using System.Net;
using System.Net.Sockets;
using ChitChatz.Hosting.Start;
using Microsoft.AspNetCore.Http;

namespace ChitChatz.Gateway.Hosting;

/// <summary>
/// Looks whether the gateway's own ports are free before it waits for a silo, which may take long: the server would find out only then.
/// What else may be wrong with an address the server says.
/// </summary>
internal sealed class ListenCheck(IConfiguration configuration) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        string urls = configuration[WebHostDefaults.ServerUrlsKey] ?? "";
        foreach (string url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            BindingAddress address = BindingAddress.Parse(url);
            if (Addresses(address.Host).Any(ip => PortProbe.Try(new IPEndPoint(ip, address.Port))?.SocketErrorCode == SocketError.AddressAlreadyInUse))
                throw new StartupException(StartupErrors.Taken(url));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // As Kestrel takes them.
    private static IPAddress[] Addresses(string host) => host switch
    {
        "localhost" => [IPAddress.Loopback, IPAddress.IPv6Loopback],
        _ when IPAddress.TryParse(host, out IPAddress? address) => [address],
        _ => [IPAddress.Any],
    };
}
