namespace ChitChatz.Gateway.Handshake;

/// <summary>
/// Requests that ask for a WebSocket, but not as RFC 6455 section 4.2.1 says. To the library they are requests for something else, and
/// the page would answer them.
/// </summary>
internal static class MalformedHandshake
{
    private const string Version = "13";

    /// <summary>The status that refuses the request; null for a good handshake and for what is none.</summary>
    public static int? StatusOf(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!request.Headers.GetCommaSeparatedValues("Upgrade").Contains("websocket", StringComparer.OrdinalIgnoreCase))
        {
            return null;
        }

        if (request.Headers.SecWebSocketVersion != Version)
        {
            return StatusCodes.Status426UpgradeRequired;
        }

        // The server would also upgrade HTTP/1.0.
        return context.WebSockets.IsWebSocketRequest && HttpProtocol.IsHttp11(request.Protocol) ? null : StatusCodes.Status400BadRequest;
    }

    /// <summary>Refuses it; whoever speaks another version is told ours (section 4.4).</summary>
    public static void Refuse(HttpResponse response, int status)
    {
        response.StatusCode = status;
        if (status == StatusCodes.Status426UpgradeRequired)
        {
            response.Headers.Upgrade = "websocket";
            response.Headers.SecWebSocketVersion = Version;
        }
    }
}
