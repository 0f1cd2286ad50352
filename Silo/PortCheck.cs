using System.Net;
using System.Net.Sockets;
using ChitChatz.Hosting.Configuration;
using ChitChatz.Hosting.Start;
using ChitChatz.Silo.Cluster;
using Microsoft.Extensions.Options;

namespace ChitChatz.Silo;

/// <summary>
/// Looks whether the silo's ports are free, before the silo starts: its own report of a taken port does not say which one,
/// and comes when half of it runs.
/// </summary>
internal sealed class PortCheck(IOptions<SiloSettings> settings, AdvertisedAddress address) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Check("Silo:Port", settings.Value.Port);
        Check("Silo:GatewayPort", settings.Value.GatewayPort);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Check(string setting, int port)
    {
        var endpoint = new IPEndPoint(address.Value, port);
        if (PortProbe.Try(endpoint) is not { } exception)
            return;
        if (exception.SocketErrorCode == SocketError.AddressNotAvailable)
            throw new StartupException($"Silo:Address is '{settings.Value.Address}', and {endpoint} cannot be listened on: it is no address of this machine.", exception);
        var reason = exception.SocketErrorCode == SocketError.AddressAlreadyInUse ? "something listens there already" : exception.Message;
        throw new StartupException($"{setting} is {port}, and {endpoint} cannot be listened on: {reason}. Choose another, for example --{setting}={(port < 65000 ? port + 100 : port - 100)}.", exception);
    }
}
