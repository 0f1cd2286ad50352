using System.Net;
using ChitChatz.Hosting.Configuration;

namespace ChitChatz.Gateway.Handshake;

/// <summary>The section <c>Gateway</c>: who may connect, and whose word about that counts.</summary>
public sealed class GatewaySettings : ISettings
{
    /// <summary>The section's name.</summary>
    public static string Section => "Gateway";

    /// <summary>Further origins whose pages may connect, exact and whole (<c>https://chat.example</c>, <c>https://chat.example:8443</c>); none. Pages of the same host may always.</summary>
    public string[] AllowedOrigins { get; set; } = [];

    /// <summary>Addresses (<c>10.0.0.5</c>) or networks (<c>10.0.0.0/8</c>) of proxies whose X-Forwarded-For, -Host and -Proto count; none, since anybody can write these headers.</summary>
    public string[] TrustedProxies { get; set; } = [];

    /// <summary>Whether the cookie <c>jwt</c> proves who registers (true), for the first web client's second tab. Other ports of the same host are trusted with it.</summary>
    public bool CookieIdentity { get; set; } = true;

    /// <summary>Whether a handshake without an Origin is accepted (true): bots and servers send none, browsers always do.</summary>
    public bool AllowMissingOrigin { get; set; } = true;

    /// <inheritdoc/>
    public IEnumerable<string> Failures()
    {
        for (var i = 0; i < AllowedOrigins.Length; i++)
            if (!WebOrigin.TryParse(AllowedOrigins[i], out _))
                yield return $"Gateway:AllowedOrigins:{i} must be scheme://host or scheme://host:port, without a path; it is '{AllowedOrigins[i]}'.";
        for (var i = 0; i < TrustedProxies.Length; i++)
            if (!IPAddress.TryParse(TrustedProxies[i], out _) && !IPNetwork.TryParse(TrustedProxies[i], out _))
                yield return $"Gateway:TrustedProxies:{i} must be an address or a network such as 10.0.0.0/8, with no bits set behind the prefix; it is '{TrustedProxies[i]}'.";
    }
}
