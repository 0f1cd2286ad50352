using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace ChitChatz.Gateway.Handshake;

/// <summary>Makes the framework take the client's address, host and scheme from trusted proxies, and from nobody else.</summary>
internal sealed class ForwardedHeadersSetup(IOptions<GatewaySettings> settings) : IConfigureOptions<ForwardedHeadersOptions>
{
    public void Configure(ForwardedHeadersOptions options)
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedProto;

        // As far back as every hop is a trusted one; the number of hops is the operator's affair.
        options.ForwardLimit = null;

        // By default loopback is trusted; here only what was named is.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in settings.Value.TrustedProxies)
            if (IPAddress.TryParse(proxy, out var address))
                options.KnownProxies.Add(address);
            else if (System.Net.IPNetwork.TryParse(proxy, out var network))
                options.KnownIPNetworks.Add(network);
    }
}
