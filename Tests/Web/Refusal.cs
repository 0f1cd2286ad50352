using System.Text.Json;
using Microsoft.Playwright;

namespace ChitChatz.Tests.Web;

/// <summary>Stands between a page and its server, in the browser, and says to the page what the server of these tests has no reason to say.</summary>
public sealed class Refusal
{
    /// <summary>What a message is answered with, as a server with a lower limit would.</summary>
    public const string Reason = "This text is longer than the server takes.";

    private volatile IWebSocketRoute? _socket;
    private volatile bool _ended;

    /// <summary>From now on messages go through.</summary>
    public void End() => _ended = true;

    /// <summary>Ends the page's connection as a server does that does not want it back.</summary>
    public Task CloseAsync() => _socket!.CloseAsync(new() { Code = 1008, Reason = "Too many violations" });

    /// <summary>From now on none of a connection's messages reaches the server.</summary>
    public void Serve(IWebSocketRoute socket)
    {
        _socket = socket;
        var server = socket.ConnectToServer();
        socket.OnMessage(frame =>
        {
            if (!_ended && IdOfMessage(frame.Text!) is { } id)
                socket.Send(JsonSerializer.Serialize(new { @event = "error", id, data = new[] { Reason }, code = "text_too_long", retry = false }));
            else
                server.Send(frame.Text!);
        });
    }

    private static string? IdOfMessage(string frame)
    {
        using var parsed = JsonDocument.Parse(frame);
        return parsed.RootElement.GetProperty("event").GetString() == "message" ? parsed.RootElement.GetProperty("id").GetString() : null;
    }
}
