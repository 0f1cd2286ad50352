using ChitChatz.Gateway.Limits;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ChitChatz.Gateway.Handshake;

/// <summary>The limits that hold before a request reaches us.</summary>
internal sealed class KestrelLimits(IOptions<LimitsSettings> settings) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        LimitsSettings limits;
        try
        {
            limits = settings.Value;
        }
        catch (OptionsValidationException)
        {
            // The server is made with the host, before all sections are checked together. That check says this too, and ends the start.
            return;
        }

        options.Limits.MaxRequestLineSize = Math.Min(options.Limits.MaxRequestLineSize, limits.HandshakeHeaderBytes);
        options.Limits.MaxRequestHeadersTotalSize = limits.HandshakeHeaderBytes;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(limits.HandshakeSeconds);

        // Also the time that a new connection has for its first byte: nothing else ends one that says nothing.
        options.Limits.KeepAliveTimeout = options.Limits.RequestHeadersTimeout;
    }
}
