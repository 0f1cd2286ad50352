using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace ChitChatz.Gateway.Handshake;

/// <summary>Whether somebody passed a request on.</summary>
internal static class ForwardingHeaders
{
    // X-Original-*: what the framework renames the ones of a trusted proxy to.
    private static readonly string[] Others = ["Forwarded", "Via", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "X-Original-For", "X-Original-Host", "X-Original-Proto"];

    public static bool Has(HttpRequest request)
    {
        foreach (var name in Others)
            if (request.Headers.ContainsKey(name))
                return true;
        foreach (var header in request.Headers)
            if (header.Key.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    /// <summary>Whether forwarding headers came that nobody trusted wrote: they are still there, and none was taken.</summary>
    public static bool WereIgnored(IHeaderDictionary headers) =>
        (headers.ContainsKey(ForwardedHeadersDefaults.XForwardedForHeaderName)
            || headers.ContainsKey(ForwardedHeadersDefaults.XForwardedHostHeaderName)
            || headers.ContainsKey(ForwardedHeadersDefaults.XForwardedProtoHeaderName))
        && !headers.ContainsKey(ForwardedHeadersDefaults.XOriginalForHeaderName)
        && !headers.ContainsKey(ForwardedHeadersDefaults.XOriginalHostHeaderName)
        && !headers.ContainsKey(ForwardedHeadersDefaults.XOriginalProtoHeaderName);

    /// <summary>Whether the client itself runs on this machine. Behind a local proxy everybody would seem to: what was passed on never does.</summary>
    public static bool IsDirectLoopback(HttpContext context) =>
        (context.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address)) && !Has(context.Request);
}
