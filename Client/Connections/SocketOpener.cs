using System.Globalization;
using System.Net;
using System.Net.WebSockets;

namespace ChitChatz.Client.Connections;

/// <summary>Opens a <see cref="ClientWebSocket"/>, and says in words why that did not work.</summary>
internal static class SocketOpener
{
    public static async Task<WebSocket> OpenAsync(Uri server, CancellationToken cancellationToken)
    {
        ClientWebSocket socket = new();
        socket.Options.CollectHttpResponseDetails = true;
        // So that a server that is gone without a word is noticed, as it notices us.
        socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(15);
        socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(10);
        try
        {
            await socket.ConnectAsync(server, cancellationToken);
            return socket;
        }
        catch (WebSocketException exception)
        {
            var failure = Describe(server, socket, exception);
            socket.Dispose();
            throw failure;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static ChatException Describe(Uri server, ClientWebSocket socket, WebSocketException exception)
    {
        var why = socket.HttpStatusCode switch
        {
            0 => (exception.InnerException ?? exception).Message,
            HttpStatusCode.TooManyRequests => "it has too many connections from this address (429)",
            HttpStatusCode.ServiceUnavailable => "it is full or stops (503)",
            HttpStatusCode.Forbidden => "it does not take connections from here (403)",
            var status => $"it answered {(int)status} instead of opening a WebSocket",
        };
        return new ChatException(ChatFailure.Unreachable, $"{server} cannot be connected to: {why}", exception) { MayRetry = true, RetryAfter = RetryAfter(socket) };
    }

    private static TimeSpan? RetryAfter(ClientWebSocket socket) =>
        socket.HttpResponseHeaders is { } headers
        && headers.FirstOrDefault(static header => header.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault() is { } value
        && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, 3_600))
            : null;
}
