using ChitChatz.Gateway.Limits;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ChitChatz.Gateway.Handshake;

/// <summary>The limits that hold before a request reaches us.</summary>
internal sealed class KestrelLimits(IOptions<LimitsSettings> settings) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions options)
    {
        var limits = settings.Value;
        options.AddServerHeader = false;
        options.Limits.MaxRequestLineSize = Math.Min(options.Limits.MaxRequestLineSize, limits.HandshakeHeaderBytes);
        options.Limits.MaxRequestHeadersTotalSize = limits.HandshakeHeaderBytes;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(limits.HandshakeSeconds);
    }
}
